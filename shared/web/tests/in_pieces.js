/**
 * Gives the next image to the page in pieces, each so many milliseconds of the page's clock after the
 * page reads on, which `untilRead(piece)` waits for. Only so many of the pieces are received.
 */
([pieces, received, milliseconds]) => {
  const { fetch } = window;
  const reads = Array.from({ length: pieces }, () => Promise.withResolvers());
  window.untilRead = (piece) => reads[piece].promise;
  window.fetch = async (url, options) => {
    const response = await fetch(url, options);
    if (!url.endsWith('/image')) return response;
    window.fetch = fetch;
    const bytes = new Uint8Array(await response.arrayBuffer());
    const length = Math.ceil(bytes.length / pieces);
    let piece = 0;
    const source = {
      start(controller) {
        const { signal } = options;
        signal.addEventListener('abort', () => controller.error(signal.reason));
      },
      pull: (controller) => new Promise((pulled) => {
        reads[piece].resolve();
        if (piece === received) return;
        setTimeout(() => {
          controller.enqueue(bytes.slice(piece * length, (piece + 1) * length));
          piece += 1;
          if (piece === pieces) controller.close();
          pulled();
        }, milliseconds);
      }),
    };
    const body = new ReadableStream(source, { highWaterMark: 0 });
    return new Response(body, { headers: response.headers });
  };
}
