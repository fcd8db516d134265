// Main world: the page's half of contextBridge. Builds the exposed API from descriptors of the isolated world.
(() => {
  const secret = '__SECRET__';
  let answer;
  const call = (id, args) => {
    answer = undefined;
    window.dispatchEvent(new CustomEvent(`${secret}call`, { detail: { id, args } }));
    if (answer?.error !== undefined) throw new Error(answer.error);
    return answer?.value;
  };
  // a window that Electron denies is never made: the app is asked first, and the stand-in makes none at all
  const askToOpen = (url) =>
    window.dispatchEvent(
      new CustomEvent(`${secret}open`, { detail: { url: new URL(url, location.href).href } }),
    );
  window.open = (url = 'about:blank') => {
    askToOpen(url);
    return null;
  };
  window.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[target=_blank]') : null;
    if (link === null || event.defaultPrevented) return;
    event.preventDefault();
    askToOpen(link.href);
  });
  window.addEventListener(`${secret}answer`, (event) => {
    answer = event.detail;
  });
  window.addEventListener(`${secret}expose`, (event) => {
    const { key, functions } = event.detail;
    const api = Object.fromEntries(
      Object.entries(functions).map(([name, id]) => [name, (...args) => call(id, args)]),
    );
    Object.defineProperty(window, key, { value: Object.freeze(api), enumerable: true });
  });
})();
