import { StringDecoder } from 'node:string_decoder';

const maxLines = 40;
/** Last words are in the pipe when the process is gone; a grandchild that holds the pipe open must not keep us. */
const drainMs = 500;

export interface OutputTail {
  /** The last lines, oldest first. */
  read(): readonly string[];
  /** Call once, from the `exit` event. Resolves when the streams are drained. */
  drained(): Promise<void>;
}

type Stream = NodeJS.ReadableStream;

/**
 * Keeps the last lines of a utility process. Electron takes all listeners off its streams right after `exit`, while
 * the last words of a crash still sit in the pipe: they are put on again before anything else can arrive.
 */
export const keepTail = (streams: readonly (Stream | null)[]): OutputTail => {
  const lines: string[] = [];
  const open = new Map<Stream, () => void>();

  const watch = (stream: Stream): void => {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    const take = (chunk: Buffer): void => {
      const parts = (rest + decoder.write(chunk)).split(/\r?\n/);
      rest = parts.pop() ?? '';
      lines.push(...parts);
      lines.splice(0, lines.length - maxLines);
    };
    const finish = (): void => {
      if (rest !== '') lines.push(rest);
      open.delete(stream);
    };
    const listen = (): void => {
      stream.off('data', take).off('end', finish);
      stream.on('data', take).once('end', finish);
    };
    open.set(stream, listen);
    listen();
  };
  for (const stream of streams) if (stream !== null) watch(stream);

  const drain = ([stream, listen]: readonly [Stream, () => void]): Promise<void> =>
    new Promise((resolve) => {
      listen();
      const timer = setTimeout(resolve, drainMs);
      stream.once('end', () => {
        clearTimeout(timer);
        resolve();
      });
    });

  return {
    read: () => [...lines],
    drained: async () => {
      await Promise.resolve(); // Electron takes the listeners off in this very turn, after `exit`
      await Promise.all([...open].map(drain));
    },
  };
};
