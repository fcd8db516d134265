import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BenchPorts } from '../../../electron/bench/ports.ts';
import { createPlatformProbes } from '../../../electron/hardware/sampling/platform-probes.ts';
import { createSampler } from '../../../electron/hardware/sampling/sampler.ts';
import { nvidiaFields } from '../../../electron/hardware/vendors/nvidia.ts';
import { reportSchema, type Report } from '../../../shared/contract/report.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { benchModel, createBenchWorld } from '../../support/bench-world.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { createFakeProcesses } from '../../support/fake-processes.ts';
import { recording } from '../../support/hardware-fixtures.ts';

/** When the first measured repetition of the decode test begins, on the world's clock; each lasts 4 s, 200 tokens. */
const measuredFromMs = 15_550;
const stepMs = 500;

const raplSchema = z.object({ zones: z.record(z.string(), z.record(z.string(), z.string())) });
const { zones } = raplSchema.parse(JSON.parse(recording('recorded/rapl-intel.json')));
const rangeMicrojoules = Number(zones['intel-rapl:0']?.max_energy_range_uj);

const cardSchema = z.array(
  z.object({ source: z.string(), fields: z.array(z.string()), lines: z.array(z.string()) }),
);
const card = cardSchema
  .parse(JSON.parse(recording('recorded/nvidia-smi.json')))
  .find(({ source }) => source === 'lestofante/ksysguard-gpu#27');
const [, ...cardRows] = (card?.lines ?? []).map(
  (line) => new Map(line.split(', ').map((cell, index) => [card?.fields[index], cell])),
);

/** A recorded line of the card with Dyno's fields; what the poster did not ask for is not known. */
const nvidiaLine = (reading: number): string => {
  const row = new Map(cardRows[Math.max(0, reading) % cardRows.length]);
  if (reading < 0) row.set('power.draw', '20.00 W'); // scripted: idle until the measured time
  return nvidiaFields.map(([name]) => row.get(name) ?? '[N/A]').join(', ');
};

/** Watts of the package in each of the five repetitions, and 10 W around them. Scripted: nobody posted a series. */
const packageWatts = [40, 42, 44, 46, 38];
const wattsAt = (atMs: number): number => packageWatts[Math.floor((atMs - measuredFromMs) / 4000)] ?? 10;

/**
 * The package counter: begins anew 260 J after the start of the first repetition, in the middle of the second.
 * @param reading 0 at that start
 */
const counterMicrojoules = (reading: number): number => {
  let joules = 0;
  for (let step = Math.min(0, reading); step < Math.max(0, reading); step += 1)
    joules += Math.sign(reading) * wattsAt(measuredFromMs + step * stepMs) * (stepMs / 1000);
  return (rangeMicrojoules + (joules - 260) * 1e6) % rangeMicrojoules;
};

/** Root takes the counter away for 3 s of the fourth repetition: no reading between its 12.0 and its 15.5 s. */
const isForbidden = (reading: number): boolean => reading > 24 && reading < 31;

/** The sampler of the telemetry process over recorded zones and a recorded card, in virtual time. */
const watchRecorded =
  (clock: FakeClock): BenchPorts['watchTelemetry'] =>
  (act) => {
    const disk = createFakeFiles();
    for (const [zone, files] of Object.entries(zones))
      for (const [file, text] of Object.entries(files))
        disk.put(`/sys/class/powercap/${zone}/${file}`, `${text}\n`);
    const readingAt = (atMs: number): number => Math.round((atMs - measuredFromMs) / stepMs);
    const processes = createFakeProcesses({
      run: { 'nvidia-smi': () => ({ exitCode: 0, stdout: nvidiaLine(-1), stderr: '' }) },
      lines: {
        'nvidia-smi': async function* (_args, signal) {
          await clock.sleep(450, signal); // its lines come 100 ms before the sampler looks
          for (;;) {
            yield nvidiaLine(readingAt(clock.monotonicMs()));
            await clock.sleep(stepMs, signal);
          }
        },
      },
    });
    const counters = {
      cores: () => [],
      totalMemoryBytes: () => 1,
      freeMemoryBytes: () => 1,
      availableParallelism: () => 2,
      ownCpuSeconds: () => 0,
    };
    const ports = { files: disk, processes, clock, log: createFakeLog(), counters };
    const opened = new DisposableStack();
    const sampler = createPlatformProbes(ports, 'linux', stepMs).then((probes) =>
      createSampler(opened.use(probes), clock, counters),
    );
    const energyFile = '/sys/class/powercap/intel-rapl:0/energy_uj';
    const look = async (): Promise<void> => {
      const reading = readingAt(clock.monotonicMs());
      disk.put(energyFile, `${counterMicrojoules(reading)}\n`);
      disk.fail(energyFile, 'read', isForbidden(reading) ? new AppError('files.not-allowed') : undefined);
      act(await (await sampler).sample());
    };
    const lookForever = async (signal: AbortSignal): Promise<void> => {
      await clock.sleep(50, signal); // so that its readings fall on the ends of the repetitions
      for (;;) {
        await look();
        await clock.sleep(stepMs, signal);
      }
    };
    const stop = new AbortController();
    opened.defer(() => stop.abort());
    lookForever(stop.signal).catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    return opened;
  };

/** @param idleProbeMs the sensors first tell 50 ms after the start: shorter than that, and the idle draw is missed */
const measureRecorded = async (idleProbeMs: number) => {
  using world = createBenchWorld({
    models: [benchModel('F16')],
    engine: { tokensPerSecond: 50, facts: { gpuLayers: 33 } },
    telemetry: watchRecorded,
    idleProbeMs,
  });
  const runId = await world.measure({
    models: ['river-1b-F16'],
    engineTests: [
      { kind: 'decode', tokens: 200 },
      { kind: 'prefill', tokens: 100 },
    ],
    repetitions: 5,
  });
  const json = await world.report(runId, 'json');
  const csv = await world.report(runId, 'csv');
  return { report: reportSchema.parse(JSON.parse(json.text)), csv: csv.text };
};

const near = (value: number): number => expect.closeTo(value, 6) as number;

const leftOut = '1 of 5 repetitions left out: the sensors were silent for a part of the measured time';

const energyOf = ({ runs }: Report, test: string, device: string) => {
  const cell = runs[0]?.run.cells.find((candidate) => candidate.test === test);
  return cell?.conditions?.energy.find((energy) => energy.device === device);
};

/** Columns of the CSV's energy rows by test, device and metric. */
const csvRows = (text: string) => {
  const [head = '', ...lines] = text.trimEnd().split('\r\n');
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.match(/(?<=^|,)("(?:[^"]|"")*"|[^,]*)/g) ?? [];
    const column = (name: string): string => (cells[names.indexOf(name)] ?? '').replaceAll('"', '');
    return column;
  });
};

describe('energy from recorded sensors', () => {
  it('gives the joules one gets by hand, in the JSON and the CSV report, and a reason where there are none', async () => {
    const { report, csv } = await measureRecorded(1000);
    const decode = report.runs[0]?.run.cells.find(({ test }) => test === 'tg200');
    const starts = report.runs[0]?.repetitions[decode?.id ?? '']?.filter(({ isWarmup }) => !isWarmup);
    expect(starts?.map(({ startedAtMs }) => startedAtMs)).toEqual(
      [0, 4000, 8000, 12_000, 16_000].map((afterMs) => measuredFromMs + afterMs),
    );

    // RAPL: 4 s at 40, 42, 44 and 38 W are 160, 168 (the counter began anew in them), 176 and 152 J, of 200 tokens
    const cpu = energyOf(report, 'tg200', 'CPU package');
    expect(cpu?.repetitions.map(({ value, reason }) => value?.joules ?? reason)).toEqual([
      near(160),
      near(168),
      near(176),
      'the sensors were silent for a part of the measured time',
      near(152),
    ]);
    expect(cpu).toMatchObject({
      value: null,
      cause: 'interrupted',
      perToken: { median: near(0.82), min: near(0.76), max: near(0.88), cv: near(0.0629753), n: 4 },
      perTokenAboveIdle: { median: near(0.62), n: 4 }, // less 4 s at 10 W
    });

    // nvidia-smi: nine readings, the first and the last of them by half, times 0.5 s; all forty over 20 s
    const gpu = energyOf(report, 'tg200', 'GPU board nvidia:0');
    expect(gpu?.repetitions.map(({ value }) => value?.joules)).toEqual(
      [322.885, 323.9075, 320.3825, 325.1675, 322.1725].map(near),
    );
    expect(gpu).toMatchObject({
      perToken: {
        median: near(1.614425),
        min: near(1.6019125),
        max: near(1.6258375),
        cv: near(0.0055881),
        n: 5,
      },
      perTokenAboveIdle: { median: near(1.214425), n: 5 }, // less 4 s at 20 W
      value: {
        joules: near(1614.515),
        seconds: 20,
        tokens: 1000,
        joulesPerToken: near(1.614515),
        idleWatts: near(20),
        method: 'power readings',
        readings: 41,
        source: 'nvidia-smi',
      },
    });

    // prefill: five repetitions of 200 ms
    const short = energyOf(report, 'pp100', 'CPU package');
    expect(short).toMatchObject({ value: null, perToken: null, cause: 'too-short' });
    expect(short?.reason).toContain('too short for the sensors (1.00 s, 2 readings)');
    expect(short?.repetitions.map(({ value, cause }) => value ?? cause)).toEqual(
      Array.from({ length: 5 }, () => 'too-short'),
    );

    expect(decode?.trust?.reasons).toContainEqual({
      level: 'amber',
      signal: 'energy',
      message:
        'The energy of the CPU package is known in 4 of 5 repetitions only: the sensors were silent for a part of the measured time.',
    });
    expect(report.comparison.rows[0]?.energy).toMatchObject([
      { device: 'CPU package', perToken: { median: near(0.82), n: 4 }, windowJoulesPerToken: null },
      { device: 'GPU board nvidia:0', perToken: { median: near(1.614425), n: 5 } },
    ]);

    const rows = csvRows(csv).filter((column) => column('metric').startsWith('energyPerToken'));
    expect(
      rows.map((column) => [
        ...['test', 'device', 'metric', 'unit', 'statistic', 'n', 'reason'].map(column),
        column('value') === '' ? null : Number(column('value')),
      ]),
    ).toEqual([
      ['tg200', 'CPU package', 'energyPerToken', 'J/token', 'median', '4', leftOut, near(0.82)],
      ['tg200', 'CPU package', 'energyPerTokenAboveIdle', 'J/token', 'median', '4', leftOut, near(0.62)],
      ['tg200', 'GPU board nvidia:0', 'energyPerToken', 'J/token', 'median', '5', '', near(1.614425)],
      [
        'tg200',
        'GPU board nvidia:0',
        'energyPerTokenAboveIdle',
        'J/token',
        'median',
        '5',
        '',
        near(1.214425),
      ],
      ...['CPU package', 'GPU board nvidia:0'].flatMap((device) =>
        ['energyPerToken', 'energyPerTokenAboveIdle'].map((metric) => [
          ...['pp100', device, metric, 'J/token', '', ''],
          expect.stringContaining('too short for the sensors') as string,
          null,
        ]),
      ),
    ]);
  });

  it('waits for the reading behind the last repetition, though the sensors told nothing before the run', async () => {
    const { report } = await measureRecorded(0);
    const gpu = energyOf(report, 'tg200', 'GPU board nvidia:0');
    expect(gpu?.repetitions.map(({ reason }) => reason)).toEqual([null, null, null, null, null]);
    expect(gpu?.perToken?.n).toBe(5);
    expect(gpu).toMatchObject({ value: { seconds: 20, idleWatts: null }, perTokenAboveIdle: null });
  });
});
