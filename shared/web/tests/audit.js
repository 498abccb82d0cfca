/**
 * Looks over the page as it is now; returns what is wrong with it, in sentences.
 * Sources: WCAG 2.2, success criteria 1.1.1, 1.3.1, 1.4.3, 1.4.10, 1.4.11, 2.5.8, 4.1.2.
 */
() => {
  const faults = [];
  const LARGE_PX = 24;
  const LARGE_BOLD_PX = 18.66;
  const LEAST_TARGET_PX = 24;

  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

  /** Any CSS colour as [red, green, blue, alpha], each 0 to 1. */
  function parse(colour) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r / 255, g / 255, b / 255, a / 255];
  }

  function over([r, g, b, a], below) {
    return [r, g, b].map((part, index) => part * a + below[index] * (1 - a));
  }

  function luminance(colour) {
    const [r, g, b] = colour.map((part) =>
      part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(one, other) {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }

  /** The colour that lies behind an element's text. */
  function ground(element) {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      layers.push(parse(getComputedStyle(at).backgroundColor));
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [1, 1, 1]);
  }

  function visible(element) {
    return element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      !element.closest('.visually-hidden, .who-email, .skip-link, dialog:not([open])');
  }

  function name(element) {
    return `<${element.tagName.toLowerCase()} ${element.id || element.className}> ` +
      `"${(element.textContent || '').trim().slice(0, 40)}"`;
  }

  function checkText(element, colour, words) {
    const style = getComputedStyle(element);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= LARGE_PX || (size >= LARGE_BOLD_PX && Number(style.fontWeight) >= 700);
    const behind = ground(element);
    const ratio = contrast(over(parse(colour), behind), behind);
    if (ratio < (large ? 3 : 4.5)) faults.push(`contrast ${ratio.toFixed(2)}: ${words}`);
  }

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !visible(element) || element.closest('svg')) continue;
    checkText(element, getComputedStyle(element).color, name(element));
  }

  for (const input of document.querySelectorAll('input:not([type=file])')) {
    if (!visible(input)) continue;
    checkText(input, getComputedStyle(input).color, `what is typed in ${input.id}`);
    checkText(input, getComputedStyle(input, '::placeholder').color, `placeholder of ${input.id}`);
    const behind = ground(input.parentElement);
    const edge = contrast(over(parse(getComputedStyle(input).borderTopColor), behind), behind);
    if (edge < 3) faults.push(`contrast ${edge.toFixed(2)}: the edge of ${input.id}`);
  }

  for (const input of document.querySelectorAll('input')) {
    const labels = [...input.labels].map((label) => label.textContent.trim()).join('');
    if (visible(input) && !labels) faults.push(`no label: ${input.id}`);
  }
  for (const control of document.querySelectorAll('button, a[href]')) {
    if (!visible(control)) continue;
    if (!control.textContent.trim()) faults.push(`no name: ${name(control)}`);
    const { width, height } = control.getBoundingClientRect();
    if (Math.min(width, height) < LEAST_TARGET_PX) faults.push(`too small: ${name(control)}`);
  }
  for (const image of document.querySelectorAll('img')) {
    if (!image.hasAttribute('alt')) faults.push('an image without a text');
  }
  for (const drawing of document.querySelectorAll('svg')) {
    if (!drawing.closest('[aria-hidden=true]')) faults.push(`drawing is read out: ${name(drawing)}`);
  }
  for (const attribute of ['aria-labelledby', 'aria-describedby', 'aria-controls', 'for']) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(/\s+/)) {
        if (!document.getElementById(id)) faults.push(`${attribute} of ${name(element)}: no ${id}`);
      }
    }
  }
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index))) {
    faults.push(`id ${id} is there twice`);
  }
  const levels = [...document.querySelectorAll('h1, h2, h3, h4')]
    .filter((heading) => heading.checkVisibility() && !heading.closest('dialog'))
    .map((heading) => Number(heading.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.push('not exactly one h1');
  levels.forEach((level, index) => {
    if (level > (levels[index - 1] ?? 0) + 1) faults.push(`a heading of level ${level} comes too soon`);
  });
  if (!document.documentElement.lang) faults.push('the page has no language');
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) faults.push(`scrolls sideways by ${wide} px`);
  return faults;
}
