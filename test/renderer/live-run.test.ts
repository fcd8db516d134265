import { expect, it } from 'vitest';
import { createRunLines, type RunLines } from '../../renderer/pages/bench/live/run-lines.ts';
import type { RunSoFar } from '../../shared/contract/bench-live.ts';
import type { TelemetrySample } from '../../shared/contract/hardware.ts';
import type { AppEvent } from '../../shared/events/events.ts';
import { progressOf, reduceRun } from '../../shared/events/reduce-run.ts';
import { benchModel, createBenchWorld } from '../support/bench-world.ts';

/** What a page knows of a run that it began to follow at some moment. */
const createPage = ({ seq, run, repetitions, timeline }: RunSoFar) => {
  const lines = createRunLines(run.createdAtMs);
  lines.addAll(timeline, repetitions);
  let progress = progressOf(run, repetitions);
  return {
    event: (event: AppEvent) => {
      if (event.seq <= seq) return;
      progress = reduceRun(progress, event);
      if (event.body.type === 'bench.ticked') lines.addTick(event.body.tick);
      if (event.body.type === 'bench.repetition-measured') lines.addRepetition(event.body.repetition);
    },
    sample: (sample: TelemetrySample) => lines.addTelemetry(sample),
    shown: () => ({ progress, lines: pointsOf(lines) }),
  };
};

const pointsOf = (lines: RunLines) => ({
  tokensPerSecond: lines.tokensPerSecond.points,
  repetitions: lines.repetitions.points,
  ttft: lines.ttft.points,
  memory: lines.memory.points,
  cpu: lines.cpu.points,
});

it('a page that is loaded again in the middle of a run shows what one shows that was there from the start', async () => {
  const pages: ReturnType<typeof createPage>[] = [];
  const atReload: unknown[][] = []; // compared behind the run, which would take a throw here for a failed measurement
  const base = benchModel('F16');
  using world = createBenchWorld({
    models: [base],
    watch: {
      event: (event) => {
        for (const page of pages) page.event(event);
      },
      sample: (sample) => {
        for (const page of pages) page.sample(sample);
      },
    },
  });
  const { runId } = await world.bench.start({ models: [base.id], make: ['Q4_K_M'] });
  const open = (): void => {
    const soFar = {
      seq: world.events.length,
      run: world.bench.get(runId),
      repetitions: [...world.bench.repetitions(runId)],
      timeline: [...world.bench.timeline(runId)],
    };
    pages.push(createPage(soFar));
  };
  open();
  const reloadAt = ['Making Q4_K_M, 50 %', 'F16 tg128: repetition 2', 'Q4_K_M single-stream: warm-up 1'];
  await world.clock.runUntil(
    world.bench.execute(runId, {
      signal: new AbortController().signal,
      onProgress: (_fraction, _eta, note) => {
        if (!reloadAt.includes(note)) return;
        open();
        atReload.push([pages.at(-1)?.shown(), pages.at(0)?.shown()].map((page) => structuredClone(page)));
      },
    }),
  );
  for (const [reloaded, first] of atReload) expect(reloaded).toEqual(first);
  expect(pages).toHaveLength(1 + reloadAt.length);
  const [first, ...reloaded] = pages.map((page) => page.shown());
  expect(first?.lines.repetitions.length).toBeGreaterThan(20);
  expect(first?.progress.notes.map((note) => note.text)).toContain('Q4_K_M tg128 measured');
  for (const page of reloaded) expect(page).toEqual(first);
});
