import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { z } from 'zod';
import { watchCpu, type CpuReading } from './cpu-meter.ts';

export interface Sample extends CpuReading {
  readonly tokensPerSecond: number;
}

interface Finished extends CpuReading {
  readonly stdout: string;
}

/** Runs a program of llama.cpp to its end; rejects when it fails. */
export const runToEnd = (binary: string, args: readonly string[]): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const cpu = watchCpu(child.pid === undefined ? [] : [child.pid]);
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.once('error', reject);
    child.once('close', (code) => {
      const reading = cpu.stop();
      if (code === 0) resolve({ stdout, ...reading });
      else reject(new Error(`${binary} ended with ${String(code)}`));
    });
  });

const benchSchema = z.array(z.object({ avg_ts: z.number() })).min(1);

/** One repetition of llama-bench: prompt processing or text generation. Its own warm-up run stays on. */
export const runLlamaBench = async (
  binary: string,
  options: {
    readonly model: string;
    readonly threads: number;
    readonly kind: 'prefill' | 'decode';
    readonly tokens: number;
    readonly useMmap: boolean;
  },
): Promise<Sample> => {
  const { model, threads, kind, tokens, useMmap } = options;
  const counts = kind === 'prefill' ? ['-p', String(tokens), '-n', '0'] : ['-p', '0', '-n', String(tokens)];
  const { stdout, ...cpu } = await runToEnd(binary, [
    ...['-m', model, '-t', String(threads), '-r', '1', '-o', 'json', '-ngl', '0', '-b', '512', '-ub', '512'],
    ...['-fa', 'on', '-lm', useMmap ? 'mmap' : 'none', ...counts],
  ]);
  const [row] = benchSchema.parse(JSON.parse(stdout));
  return { tokensPerSecond: row?.avg_ts ?? Number.NaN, ...cpu };
};

const batchedSchema = z.object({ pl: z.number(), speed_tg: z.number() });

/** One run of llama-batched-bench over all numbers of sequences; decode speed of all sequences together. */
export const runBatchedBench = async (
  binary: string,
  options: {
    readonly model: string;
    readonly threads: number;
    readonly promptTokens: number;
    readonly tokens: number;
    readonly sequences: readonly number[];
    readonly useMmap: boolean;
  },
): Promise<ReadonlyMap<number, Sample>> => {
  const { model, threads, promptTokens, tokens, sequences, useMmap } = options;
  const context = Math.max(...sequences) * (promptTokens + tokens);
  const { stdout, ...cpu } = await runToEnd(binary, [
    ...['-m', model, '-t', String(threads), '-tb', String(threads), '-ngl', '0', '-c', String(context)],
    ...['-b', '512', '-ub', '512', '-npp', String(promptTokens), '-ntg', String(tokens)],
    ...[
      '-npl',
      sequences.join(','),
      '-fa',
      'on',
      '--output-format',
      'jsonl',
      ...['-lm', useMmap ? 'mmap' : 'none'],
    ],
  ]);
  const rows = stdout.split('\n').filter((line) => line.startsWith('{'));
  return new Map(
    rows.map((line) => {
      const row = batchedSchema.parse(JSON.parse(line));
      return [row.pl, { tokensPerSecond: row.speed_tg, ...cpu }];
    }),
  );
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });

export interface ChatServer extends AsyncDisposable {
  readonly url: string;
  readonly apiKey: string | undefined;
  /** Every process that works for it. */
  readonly pids: readonly number[];
}

/** llama-server with the same slots, context and threads; resolves when it is healthy. */
export const startLlamaServer = async (
  binary: string,
  options: {
    readonly model: string;
    readonly threads: number;
    readonly slots: number;
    readonly contextSize: number;
    readonly useMmap: boolean;
  },
): Promise<ChatServer> => {
  const { model, threads, slots, contextSize, useMmap } = options;
  const port = await freePort();
  const child = spawn(
    binary,
    [
      ...['-m', model, '-t', String(threads), '-tb', String(threads), '-ngl', '0', '-np', String(slots)],
      ...['-c', String(contextSize * slots), '-b', '512', '-ub', '512', '--port', String(port)],
      ...['--jinja', '-fa', 'on', ...['-lm', useMmap ? 'mmap' : 'none']],
    ],
    { stdio: 'ignore' },
  );
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer?.ok === true) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url: `${url}/v1`,
    apiKey: undefined,
    pids: child.pid === undefined ? [] : [child.pid],
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
};
