import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What this process used; a port, so that the step loop runs in tests without a process of its own. */
export interface ProcessMeter {
  /** CPU seconds of all threads since the start of the process. */
  cpuSeconds(): number;
  /** Resident memory. */
  residentBytes(): number;
  /** How late the event loop was at the 99th percentile since the meter was made, ms; `null` below 368 readings. */
  loopDelayP99Ms(): number | null;
}

/** A hundred wake-ups of some µs a second. */
const loopResolutionMs = 10;
/** The least readings for which an interval of the percentile exists (docs/metrics.md). */
const leastReadings = 368;

export const createProcessMeter = (): ProcessMeter => {
  const delay = monitorEventLoopDelay({ resolution: loopResolutionMs });
  delay.enable();
  return {
    cpuSeconds: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
    residentBytes: () => process.memoryUsage.rss(),
    // the histogram holds the time between two readings, the one asked for included
    loopDelayP99Ms: () =>
      delay.count < leastReadings ? null : Math.max(0, delay.percentile(99) / 1e6 - loopResolutionMs),
  };
};
