import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { connectChannel, portChannel } from '../channels.ts';

/**
 * Sandboxed preload: hands the page one MessagePort and the paths of dropped files, nothing else. The page says
 * `dyno:ready` when it listens; a reload asks again and gets a new port.
 */
window.addEventListener('message', (event) => {
  if (event.source === window && event.data === 'dyno:ready') ipcRenderer.send(connectChannel);
});

ipcRenderer.on(portChannel, (event) => {
  window.postMessage({ type: 'dyno:port' }, window.location.origin, [...event.ports]);
});

contextBridge.exposeInMainWorld('dynoDesktop', {
  pathForFile: (file: File): string => webUtils.getPathForFile(file),
});
