import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { formatFigure } from '../shared/units/format.ts';

/**
 * How far a forecast from the header is from what a benchmark measures: files of random weights in real shapes are made,
 * measured, and foretold, by the same commands a user types. Files of few layers stand for large models: their kernels
 * are those of the whole.
 */
const isQuick = process.argv.includes('--quick');
const root = fileURLToPath(new URL('..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'dyno-forecast-'));
process.once('exit', () => rmSync(home, { recursive: true, force: true }));

interface Candidate {
  readonly shape: string;
  readonly type: string;
  readonly layers?: number;
}
const candidates: readonly Candidate[] = [
  { shape: 'qwen2.5-0.5b', type: 'Q8_0' },
  { shape: 'tinyllama-1.1b', type: 'Q4_0' },
  ...(isQuick
    ? []
    : [
        { shape: 'qwen2.5-0.5b', type: 'Q4_K_M' },
        { shape: 'llama-3.2-1b', type: 'Q8_0' },
        { shape: 'llama-3.2-1b', type: 'Q4_K_M' },
        { shape: 'llama-3.1-8b', type: 'Q4_K_M', layers: 6 },
        { shape: 'qwen3-30b-a3b', type: 'Q4_K_M', layers: 3 },
        { shape: 'mixtral-8x7b', type: 'Q4_0', layers: 2 },
      ]),
];

const dyno = async (...args: readonly string[]): Promise<unknown> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, 'bin/dyno.js'), ...args, '--json', '--quiet'],
    { env: { ...process.env, DYNO_HOME: home, HOME: home, DYNO_SOURCE: '1' }, maxBuffer: 64 << 20 },
  );
  return JSON.parse(stdout);
};

const checked = z.object({ tokensPerSecond: z.number(), errorPercent: z.number() });
const forecastSchema = z.object({
  sizeBytes: z.number(),
  decodeTps: z.number(),
  prefillTps: z.number(),
  check: z.object({ decode: checked, prefill: checked }),
});

const cell = (text: string, width: number): string => text.padStart(width);
const percent = (value: number): string => `${value > 0 ? '+' : ''}${value.toFixed(1)} %`;
const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(at)] ?? NaN) + (sorted[Math.ceil(at)] ?? NaN)) / 2;
};

const errors = { decode: [] as number[], prefill: [] as number[] };
process.stdout.write(
  `${'file'.padEnd(34)}${cell('decode t/s', 12)}${cell('measured', 10)}${cell('error', 10)}` +
    `${cell('prefill t/s', 13)}${cell('measured', 10)}${cell('error', 10)}\n`,
);
for (const { shape, type, layers } of candidates) {
  const file = join(home, 'file.gguf');
  const few = layers === undefined ? [] : ['--layers', String(layers)];
  await dyno('synth', shape, '--type', type, ...few, '--out', file);
  await dyno('bench', file, '--pp', '256', '--tg', '32', '--repetitions', '5');
  const forecast = forecastSchema.parse(await dyno('models', 'predict', file));
  rmSync(file);
  const { decode, prefill } = forecast.check;
  errors.decode.push(decode.errorPercent);
  errors.prefill.push(prefill.errorPercent);
  const name = `${shape} ${type}${layers === undefined ? '' : `, ${layers} layers`}`;
  process.stdout.write(
    `${name.padEnd(34)}${cell(formatFigure(forecast.decodeTps), 12)}${cell(formatFigure(decode.tokensPerSecond), 10)}${cell(percent(decode.errorPercent), 10)}` +
      `${cell(formatFigure(forecast.prefillTps), 13)}${cell(formatFigure(prefill.tokensPerSecond), 10)}${cell(percent(prefill.errorPercent), 10)}\n`,
  );
}
for (const [what, values] of Object.entries(errors)) {
  const sizes = values.map(Math.abs);
  process.stdout.write(
    `${what}: median absolute error ${median(sizes).toFixed(1)} %, worst ${Math.max(...sizes).toFixed(1)} %, n ${sizes.length} files, each the median of 5 repetitions\n`,
  );
}
