/** What this process used; a port, so that the step loop runs in tests without a process of its own. */
export interface ProcessMeter {
  /** CPU seconds of all threads since the start of the process. */
  cpuSeconds(): number;
  /** Resident memory. */
  residentBytes(): number;
}

export const createProcessMeter = (): ProcessMeter => ({
  cpuSeconds: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  residentBytes: () => process.memoryUsage.rss(),
});
