// What a reader sees of a page of the documentation, with every fold open. `leaks` is a regular
// expression of what no reader should see.
(leaks) => {
  const article = document.querySelector("article");
  for (const fold of article.querySelectorAll("details")) fold.open = true;
  const comments = [];
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) comments.push(walker.currentNode.data.trim());
  const tables = [...article.querySelectorAll("table")];
  const images = [...article.querySelectorAll("img")];
  const style = getComputedStyle(article);
  const column =
    article.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const shown = (image) => image.complete && image.naturalWidth > 0 && image.width > 0;
  // A table that scrolls in a box of its own is wider than that box, though the box fits.
  const isWide = (table) =>
    table.getBoundingClientRect().width > column + 1 ||
    [table, table.parentElement].some((box) => box.scrollWidth > box.clientWidth + 1);
  return {
    leaks: [...article.innerText.matchAll(new RegExp(leaks, "g"))].map((found) => found[0]),
    comments,
    tables: tables.length,
    wide_tables: tables
      .filter(isWide)
      .map((table) => table.querySelector("tr").innerText.replace(/\s+/g, " ").trim()),
    page_width: document.scrollingElement.scrollWidth,
    images: images.length,
    hidden_images: images.filter((image) => !shown(image)).map((image) => image.alt),
  };
}
