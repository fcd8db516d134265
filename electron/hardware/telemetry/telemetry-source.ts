import type { TelemetrySample } from '../../../shared/contract/hardware.ts';

/** Where samples come from: the telemetry worker, or a recording. */
export interface TelemetrySource {
  /** Begins to sample and gives every sample to `emit` until the handle is disposed. */
  start(emit: (sample: TelemetrySample) => void, intervalMs: number): AsyncDisposable;
}
