import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface Target {
  readonly port: number;
  readonly path: string;
  readonly key: string;
}

const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
/** Lets go of an idle connection before a server does (5 s), while the other arm is measured. */
const agent = new Agent({ keepAlive: true, maxSockets: 256, timeout: 3000 });

/** Sends `body` and calls `onText` for every piece of the reply. */
const post = (target: Target, body: string, onText: (text: string, atMs: number) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        host: '127.0.0.1',
        port: target.port,
        path: target.path,
        method: 'POST',
        headers: {
          authorization: `Bearer ${target.key}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (reply) => {
        if (reply.statusCode !== 200) reject(new TypeError(`status ${reply.statusCode ?? 0}`));
        reply.setEncoding('utf8');
        reply.on('data', (text: string) => onText(text, monotonicMs()));
        reply.on('end', resolve);
        reply.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });

const chat = (rest: object): string =>
  JSON.stringify({ messages: [{ role: 'user', content: 'Hello there' }], ...rest });

/**
 * Latency of whole replies sent at a fixed rate, open loop, from the send to the last byte, milliseconds. Requests go to
 * the targets in turn, so that whatever else the machine does falls on all of them alike.
 */
export const measureLatency = async (
  targets: readonly Target[],
  options: { readonly perSecond: number; readonly seconds: number },
): Promise<readonly (readonly number[])[]> => {
  const took = targets.map((): number[] => []);
  const body = chat({ max_tokens: 1 });
  const beganMs = monotonicMs();
  const running: Promise<void>[] = [];
  const total = options.perSecond * options.seconds * targets.length;
  for (let each = 0; each < total; each += 1) {
    const intendedMs = beganMs + (each * 1000) / (options.perSecond * targets.length);
    const earlyMs = intendedMs - monotonicMs();
    if (earlyMs > 0) await delay(earlyMs);
    const at = each % targets.length;
    const target = targets[at];
    if (target === undefined) continue;
    const sentMs = monotonicMs();
    running.push(post(target, body, () => undefined).then(() => void took[at]?.push(monotonicMs() - sentMs)));
  }
  await Promise.all(running);
  return took;
};

/** Replies per second of `clients` that ask again as soon as they are answered, closed loop. */
export const measureSaturation = async (
  target: Target,
  options: { readonly clients: number; readonly seconds: number },
): Promise<number> => {
  const body = chat({ max_tokens: 1 });
  const untilMs = monotonicMs() + options.seconds * 1000;
  let done = 0;
  const client = async (): Promise<void> => {
    while (monotonicMs() < untilMs) {
      await post(target, body, () => undefined);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: options.clients }, client));
  return done / options.seconds;
};

/** How long tokens were on their way, milliseconds. */
export interface StreamDelays {
  /** All of them, those of the burst in which the streams are opened at once included. */
  readonly all: readonly number[];
  /** Those made while every stream was running. */
  readonly running: readonly number[];
}

/**
 * The way of each token of `streams` parallel streams. The engine writes the time it made a token into its text; both
 * processes read the same monotonic clock.
 */
export const measureStreams = async (
  target: Target,
  options: { readonly streams: number; readonly tokens: number },
): Promise<StreamDelays> => {
  const tokens: { readonly madeMs: number; readonly delayMs: number }[] = [];
  const body = chat({ max_tokens: options.tokens, stream: true });
  let openedMs = 0;
  const one = async (): Promise<void> => {
    let isOpen = false;
    await post(target, body, (text, atMs) => {
      for (const [, made] of text.matchAll(/"content":"(\d+\.\d+) "/gu)) {
        tokens.push({ madeMs: Number(made), delayMs: atMs - Number(made) });
        if (!isOpen) openedMs = Math.max(openedMs, atMs);
        isOpen = true;
      }
    });
  };
  await Promise.all(Array.from({ length: options.streams }, one));
  const delaysOf = (told: typeof tokens): readonly number[] => told.map(({ delayMs }) => delayMs);
  return { all: delaysOf(tokens), running: delaysOf(tokens.filter(({ madeMs }) => madeMs > openedMs)) };
};
