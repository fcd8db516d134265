import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { measureLatency, measureSaturation, measureStreams, type Target } from './gateway/load.ts';

/**
 * What the gateway costs, in front of an engine that costs nothing. Three arms in one run: the engine
 * called directly, a bare Node HTTP server in front of it, and Dyno's gateway with everything on (guard, key, schemas,
 * queue, live table, settling). The client's own cost is in both HTTP arms, so "added" is Dyno minus bare.
 */
const perSecond = 200;
const seconds = 5;
const streams = 64;
const tokensPerSecond = 50;
const tokens = 250;
const rounds = 3;

const ready = z.object({ type: z.literal('ready'), port: z.number(), barePort: z.number(), key: z.string() });
const direct = z.object({ type: z.literal('direct'), took: z.array(z.number()) });
const memory = z.object({ residentBytes: z.number(), residentBefore: z.number(), changes: z.number() });

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

const child = fork(fileURLToPath(new URL('gateway/server.ts', import.meta.url)), [
  String(1000 / tokensPerSecond),
]);
const tell = async (message: string): Promise<unknown> => {
  const reply = once(child, 'message');
  child.send(message);
  return ((await reply) as readonly unknown[])[0];
};

const { port, barePort, key } = ready.parse(((await once(child, 'message')) as readonly unknown[])[0]);
const path = '/v1/chat/completions';
const dyno: Target = { port, path, key };
const bare: Target = { port: barePort, path, key };

await measureLatency([bare, dyno], { perSecond, seconds: 2 });

const latency = { direct: [] as number[], bare: [] as number[], dyno: [] as number[] };
const delays = { bare: [] as number[], dyno: [] as number[] };
for (let round = 0; round < rounds; round += 1) {
  latency.direct.push(...direct.parse(await tell('direct')).took);
  const [ofBare = [], ofDyno = []] = await measureLatency([bare, dyno], { perSecond, seconds });
  latency.bare.push(...ofBare);
  latency.dyno.push(...ofDyno);
  delays.bare.push(...(await measureStreams(bare, { streams, tokens })));
  delays.dyno.push(...(await measureStreams(dyno, { streams, tokens })));
}
const atRate = memory.parse(await tell('memory'));
const rate = { bare: [] as number[], dyno: [] as number[] };
for (let round = 0; round < rounds; round += 1) {
  rate.bare.push(await measureSaturation(bare, { clients: 32, seconds: 3 }));
  rate.dyno.push(await measureSaturation(dyno, { clients: 32, seconds: 3 }));
}
const saturated = memory.parse(await tell('memory'));
child.kill();

process.stdout.write(`\nWhole replies at ${perSecond} requests/s, open loop, ${rounds} rounds in turn\n`);
line('engine called directly', latency.direct, [0.5, 0.95, 0.99]);
line('bare node:http', latency.bare, [0.5, 0.95, 0.99]);
line('dyno', latency.dyno, [0.5, 0.95, 0.99]);
added('added by dyno over bare', latency.dyno, latency.bare, [0.5, 0.95, 0.99]);
process.stdout.write(`\nToken on its way, ${streams} streams × ${tokensPerSecond} tokens/s\n`);
line('bare node:http', delays.bare, [0.5, 0.95, 0.99]);
line('dyno', delays.dyno, [0.5, 0.95, 0.99]);
line('jitter (distance to median), bare', spread(delays.bare), [0.99]);
line('jitter (distance to median), dyno', spread(delays.dyno), [0.99]);
const mebibytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(0)} MiB`;
process.stdout.write(
  `\nSaturation, 32 clients: bare ${quantile(rate.bare, 0.5).toFixed(0)}/s, dyno ${quantile(rate.dyno, 0.5).toFixed(0)}/s\n` +
    `Memory of the server process (both servers): ${mebibytes(atRate.residentBefore)} before the gateway opened, ` +
    `${mebibytes(atRate.residentBytes)} after the rounds above, ${mebibytes(saturated.residentBytes)} after saturation\n` +
    `${saturated.changes} request events were made; storing them is the app's and not in these figures.\n`,
);
