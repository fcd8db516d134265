/** Preloaded into a stand-in utility process: gives it `parentPort` and takes `fork` away, as the runAsNode fuse does. */
import childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';

const send = process.send?.bind(process);
const parentPort = Object.assign(new EventEmitter(), {
  postMessage: (message: unknown) => void send?.(message),
});
process.on('message', (data) => parentPort.emit('message', { data, ports: [] }));
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
Object.assign(process, { parentPort });
delete process.send;

childProcess.fork = () => {
  throw new Error('child_process.fork is not available: the runAsNode fuse is off');
};
syncBuiltinESMExports();
