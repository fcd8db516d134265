import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { measureLatency, measureSaturation, measureStreams, type Target } from './gateway/load.ts';
import { measureServed } from './gateway/served-memory.ts';

/**
 * What the server costs, in front of a scripted engine child that costs nothing. Three arms in one run: the engine
 * called directly over its pipe, a bare Node HTTP server in front of it, and the whole host of Dyno with everything on:
 * guard, key, schemas, limits of key, tenant and server in requests, tokens (counted by the engine) and concurrency, queue,
 * live table with its stored events, metrics, ledger and roll-ups in SQLite. The client's own cost is in both HTTP arms, so
 * "added" is Dyno minus bare. Where there is a build, the memory of the built `dyno serve` under the same load is told, too.
 */
const perSecond = 200;
const isQuick = process.argv.includes('--quick');
const seconds = isQuick ? 2 : 5;
const streams = 64;
const tokensPerSecond = 50;
const tokens = isQuick ? 100 : 250;
const rounds = isQuick ? 1 : 3;

const ready = z.object({ port: z.number(), barePort: z.number(), key: z.string(), slots: z.number() });
const direct = z.object({ took: z.array(z.number()) });
const memory = z.object({
  residentBytes: z.number(),
  residentBefore: z.number(),
  requests: z.number(),
  errors: z.number(),
  events: z.number(),
});

const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((left, right) => left - right);
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? NaN;
  return low + ((sorted[Math.ceil(at)] ?? NaN) - low) * (at % 1);
};
const ms = (value: number): string => `${value.toFixed(3)} ms`.padStart(11);
const line = (name: string, values: readonly number[], qs: readonly number[]): void => {
  const cells = qs.map((q) => `p${q * 100} ${ms(quantile(values, q))}`);
  process.stdout.write(`${name.padEnd(34)} ${cells.join('  ')}   n ${values.length}\n`);
};
const added = (
  name: string,
  dyno: readonly number[],
  bare: readonly number[],
  qs: readonly number[],
): void => {
  const cells = qs.map((q) => `p${q * 100} ${ms(quantile(dyno, q) - quantile(bare, q))}`);
  process.stdout.write(`${name.padEnd(34)} ${cells.join('  ')}\n`);
};
const spread = (delays: readonly number[]): readonly number[] => {
  const middle = quantile(delays, 0.5);
  return delays.map((delay) => Math.abs(delay - middle));
};

const child = fork(fileURLToPath(new URL('gateway/server.ts', import.meta.url)), [], {
  // one malloc arena, as bin/dyno.js starts a host that stays
  env: { ...process.env, MALLOC_ARENA_MAX: '1', DYNO_PERF_STEP_MS: String(1000 / tokensPerSecond) },
});
/** Its next message, or an error when it ends instead. */
const told = async (): Promise<unknown> => {
  const abort = new AbortController();
  const [message] = (await Promise.race([
    once(child, 'message', abort),
    once(child, 'exit', abort).then(() => Promise.reject(new TypeError('the server ended'))),
  ]).finally(() => abort.abort())) as readonly unknown[];
  return message;
};
const tell = async (message: string): Promise<unknown> => {
  const reply = told();
  child.send(message);
  return reply;
};

const { port, barePort, key, slots } = ready.parse(await told());
if (slots < streams) throw new TypeError(`only ${slots} slots`);
const path = '/v1/chat/completions';
const dyno: Target = { port, path, key };
const bare: Target = { port: barePort, path, key };

await measureLatency([bare, dyno], { perSecond, seconds: 2 });

const latency = { direct: [] as number[], bare: [] as number[], dyno: [] as number[] };
const delays = { bare: [] as number[], dyno: [] as number[] };
const running = { bare: [] as number[], dyno: [] as number[] };
for (let round = 0; round < rounds; round += 1) {
  latency.direct.push(...direct.parse(await tell('direct')).took);
  const [ofBare = [], ofDyno = []] = await measureLatency([bare, dyno], { perSecond, seconds });
  latency.bare.push(...ofBare);
  latency.dyno.push(...ofDyno);
  for (const [arm, target] of [
    ['bare', bare],
    ['dyno', dyno],
  ] as const) {
    const told = await measureStreams(target, { streams, tokens });
    delays[arm].push(...told.all);
    running[arm].push(...told.running);
  }
}
const atRate = memory.parse(await tell('memory'));
const rate = { bare: [] as number[], dyno: [] as number[] };
for (let round = 0; round < rounds; round += 1) {
  rate.bare.push(await measureSaturation(bare, { clients: 32, seconds: 3 }));
  rate.dyno.push(await measureSaturation(dyno, { clients: 32, seconds: 3 }));
}
const saturated = memory.parse(await tell('memory'));
child.kill();
const served = await measureServed({ clients: 4, seconds: 4 * seconds });

process.stdout.write(`\nWhole replies at ${perSecond} requests/s, open loop, ${rounds} rounds in turn\n`);
line('engine called directly', latency.direct, [0.5, 0.95, 0.99]);
line('bare node:http', latency.bare, [0.5, 0.95, 0.99]);
line('dyno', latency.dyno, [0.5, 0.95, 0.99]);
added('added by dyno over bare', latency.dyno, latency.bare, [0.5, 0.95, 0.99]);
process.stdout.write(`\nToken on its way, ${streams} streams × ${tokensPerSecond} tokens/s\n`);
line('bare node:http', delays.bare, [0.5, 0.95, 0.99]);
line('dyno', delays.dyno, [0.5, 0.95, 0.99]);
line('jitter (distance to median), bare', spread(running.bare), [0.99]);
line('jitter (distance to median), dyno', spread(running.dyno), [0.99]);
line('and opening all at once, bare', spread(delays.bare), [0.99]);
line('and opening all at once, dyno', spread(delays.dyno), [0.99]);
const mebibytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(0)} MiB`;
process.stdout.write(
  `\nSaturation, 32 clients: bare ${quantile(rate.bare, 0.5).toFixed(0)}/s, dyno ${quantile(rate.dyno, 0.5).toFixed(0)}/s (medians, n ${rounds})\n` +
    `Memory of the bench's server process (both servers, TypeScript stripped as it runs): ${mebibytes(atRate.residentBefore)} before Dyno opened, ` +
    `${mebibytes(atRate.residentBytes)} after the rounds above, ${mebibytes(saturated.residentBytes)} after saturation\n` +
    (served === undefined
      ? 'Memory of the built `dyno serve`: not measured, there is no build (npm run build).\n'
      : `Memory of the built \`dyno serve\` without its engine: ${mebibytes(served.startedBytes)} when it listens, ` +
        `${mebibytes(served.loadedBytes)} after ${served.requests} requests\n`) +
    `In the ledger: ${saturated.requests} requests, ${saturated.errors} errors; ${saturated.events} events stored. Excluded: nothing.\n`,
);
