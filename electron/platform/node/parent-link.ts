/**
 * The pipe of a child to the process that started it: `process.send` under `child_process.fork`, `parentPort` in
 * Electron's utility process. The child is killed, native work included, when its parent goes away: no orphan keeps a model in memory.
 */
export interface ParentLink {
  send(message: unknown): void;
  onMessage(act: (message: unknown) => void): void;
}

interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', act: (event: { readonly data: unknown }) => void): void;
}

/** Electron adds `parentPort` to `process` in utility processes only; its types are not for plain Node. */
const parentPort = (): ParentPort | undefined => ('parentPort' in process ? process.parentPort : undefined);

/**
 * The link of this process to its parent, who alone decides when it ends: a terminal sends Ctrl-C and hang-ups to the
 * children, too, and a run that stops cleanly still needs them.
 */
export const createParentLink = (): ParentLink => {
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
  const port = parentPort();
  if (port !== undefined)
    return {
      send: (message) => port.postMessage(message),
      onMessage: (act) => port.on('message', ({ data }) => act(data)),
    };
  // process.exit would wait for the pool thread that quantizes; a signal does not
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  return {
    send: (message) => process.send?.(message),
    onMessage: (act) => void process.on('message', act),
  };
};
