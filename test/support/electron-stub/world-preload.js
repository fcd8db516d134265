// Isolated world: what a sandboxed preload may require, then the compiled preload bundle itself.
(() => {
  if (window.top !== window) return; // Electron gives subframes no preload
  const secret = '__SECRET__';
  const functions = new Map();
  const listeners = new Map();
  const ports = new Map();
  const tellPage = (kind, detail) => window.dispatchEvent(new CustomEvent(`${secret}${kind}`, { detail }));

  window.addEventListener(`${secret}call`, (event) => {
    const { id, args } = event.detail;
    try {
      tellPage('answer', { value: functions.get(id)(...args) });
    } catch (error) {
      tellPage('answer', { error: String(error) });
    }
  });

  const toHost = (message) => globalThis.__stubToHost(JSON.stringify(message));
  window.addEventListener(`${secret}open`, (event) => toHost({ kind: 'open', url: event.detail.url }));
  const bytesOf = (data) =>
    data instanceof ArrayBuffer
      ? new Uint8Array(data)
      : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const encode = (data) =>
    data instanceof ArrayBuffer || ArrayBuffer.isView(data)
      ? { bytes: btoa(Array.from(bytesOf(data), (byte) => String.fromCharCode(byte)).join('')) }
      : { text: data };
  const decode = ({ bytes, text }) =>
    bytes === undefined ? text : Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));

  // the host posts a message with ports: the page gets the far end of a channel that is relayed here
  globalThis.__stubPost = (channel, message, portIds) => {
    const handed = portIds.map((id) => {
      const { port1, port2 } = new MessageChannel();
      ports.set(id, port1);
      port1.onmessage = ({ data }) => toHost({ kind: 'port', id, data: encode(data) });
      return port2;
    });
    for (const listener of listeners.get(channel) ?? []) listener({ ports: handed }, message);
  };
  globalThis.__stubPortMessage = (id, data) => ports.get(id)?.postMessage(decode(data));
  globalThis.__stubPortClose = (id) => ports.get(id)?.close();

  const ipcRenderer = {
    send: (channel, ...args) => toHost({ kind: 'send', channel, args }),
    on: (channel, listener) => {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      return ipcRenderer;
    },
  };
  const contextBridge = {
    exposeInMainWorld: (key, api) => {
      const ids = Object.entries(api).map(([name, act]) => {
        const id = `${key}.${name}`;
        functions.set(id, act);
        return [name, id];
      });
      tellPage('expose', { key, functions: Object.fromEntries(ids) });
    },
  };
  // a page cannot name real paths: the stand-in gives dropped files the folder that the test asked for
  const webUtils = { getPathForFile: (file) => `__DROP_FOLDER__/${file.name}` };

  const require = (name) => {
    if (name === 'electron' || name === 'electron/renderer') return { contextBridge, ipcRenderer, webUtils };
    throw new Error(`A sandboxed preload cannot require ${name}`);
  };
  const module = { exports: {} };
  ((require, module, exports) => {
    __PRELOAD__;
  })(require, module, module.exports);
})();
