/**
 * Preloaded into a stand-in utility process: makes it look like Electron's, with `parentPort` instead of
 * `process.send`, and takes `fork` away, as the runAsNode fuse does.
 */
import childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { pretendElectron } from './pretend-electron.ts';

/** Messages wait for the first listener. */
const openParentPort = (): EventEmitter & { postMessage(message: unknown): void } => {
  const send = process.send?.bind(process);
  const port = Object.assign(new EventEmitter(), {
    postMessage: (message: unknown) => void send?.(message),
  });
  const early: unknown[] = [];
  const deliver = (data: unknown): void => {
    if (port.listenerCount('message') > 0) port.emit('message', { data, ports: [] });
    else early.push(data);
  };
  process.on('message', deliver);
  port.on('newListener', (name) => {
    if (name === 'message') queueMicrotask(() => early.splice(0).forEach(deliver));
  });
  return port;
};

pretendElectron();
if (isMainThread) {
  Object.assign(process, { parentPort: openParentPort() });
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  delete process.send;
}
childProcess.fork = () => {
  throw new Error('child_process.fork is not available: the runAsNode fuse is off');
};
syncBuiltinESMExports();
