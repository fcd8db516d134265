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
