import {
  RECORDED_MARK,
  telemetrySampleSchema,
  type TelemetrySample,
} from '../../../shared/contract/hardware.ts';
import { AppError, isAbort } from '../../../shared/errors/app-error.ts';
import type { Clock, Logger } from '../../platform/ports.ts';
import type { TelemetrySource } from './telemetry-source.ts';

/** Parses a recording: one sample per line. @throws AppError `app.bad-input` naming the line. */
export const parseRecording = (jsonLines: string): readonly TelemetrySample[] => {
  const samples = jsonLines
    .split('\n')
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => {
      try {
        return telemetrySampleSchema.parse(JSON.parse(line));
      } catch (cause) {
        throw new AppError('app.bad-input', `Line ${number} of the telemetry recording is no sample.`, {
          cause,
        });
      }
    });
  if (samples.length === 0) throw new AppError('app.bad-input', 'The telemetry recording is empty.');
  return samples;
};

/** The sample as if taken now, marked as a replay in every source. */
const restamp = (sample: TelemetrySample, clock: Pick<Clock, 'nowMs' | 'monotonicMs'>): TelemetrySample => ({
  ...sample,
  atMs: clock.monotonicMs(),
  wallMs: clock.nowMs(),
  sources: Object.fromEntries(
    Object.entries(sample.sources).map(([path, source]) => [path, `${source}${RECORDED_MARK}`]),
  ),
});

/**
 * Plays a recording again and again in place of the hardware, at the spacing it was recorded with: for demonstrations
 * and tests. The interval asked for is not used. `dyno hardware --watch --json > FILE` writes such a recording.
 * @param readRecording gives the JSON Lines text when the first watcher comes.
 */
export const createReplayTelemetry = (
  readRecording: () => Promise<string>,
  ports: { readonly clock: Clock; readonly log: Logger },
): TelemetrySource => ({
  start: (emit) => {
    const { clock, log } = ports;
    const stop = new AbortController();
    const play = async (): Promise<void> => {
      const samples = parseRecording(await readRecording());
      const spanMs = (samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0);
      const meanGapMs = samples.length > 1 ? spanMs / (samples.length - 1) : 1_000;
      for (;;) {
        let beforeMs: number | undefined;
        for (const sample of samples) {
          const gapMs = beforeMs === undefined ? meanGapMs : sample.atMs - beforeMs;
          beforeMs = sample.atMs;
          await clock.sleep(Math.max(1, gapMs), stop.signal);
          emit(restamp(sample, clock));
        }
      }
    };
    const ended = play().catch((error: unknown) => {
      if (!isAbort(error)) log.error('the telemetry recording cannot be played', { error });
    });
    return {
      [Symbol.asyncDispose]: async () => {
        stop.abort();
        await ended;
      },
    };
  },
});
