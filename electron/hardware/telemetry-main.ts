import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import { createNodeClock } from '../platform/node/clock.ts';
import { createNodeFiles } from '../platform/node/files.ts';
import { createLineLogger } from '../platform/node/logger.ts';
import { createParentLink } from '../platform/node/parent-link.ts';
import { createNodeProcesses } from '../platform/node/processes.ts';
import type { HostFacts } from '../platform/ports.ts';
import { collectFacts } from './facts/collect-facts.ts';
import { createPlatformProbes } from './sampling/platform-probes.ts';
import { createSampler } from './sampling/sampler.ts';
import { telemetryTaskSchema, type TelemetryReply, type TelemetryTask } from './telemetry-protocol.ts';
import { createMachineCounters } from './worker/machine-counters.ts';
import { readSystemInformation } from './worker/system-information.ts';

/** Entry point of the telemetry child: samples until it is stopped, or gathers facts once. */
const link = createParentLink();
const reply = (message: TelemetryReply): void => link.send(message);

const platform: HostFacts['platform'] =
  process.platform === 'linux' || process.platform === 'darwin' || process.platform === 'win32'
    ? process.platform
    : 'other';
/** The parent keeps the last lines of this and shows them should the child die. */
const log = createLineLogger((line) => process.stderr.write(line), 'warn');
const clock = createNodeClock();
const files = createNodeFiles();
const counters = createMachineCounters();
const processes = createNodeProcesses(() => {
  throw new AppError('app.internal', 'The telemetry process starts no workers.');
});

/** Samples on a fixed grid, so that a slow reading delays one sample and not all that follow. */
const sampleForever = async (intervalMs: number): Promise<never> => {
  using probes = await createPlatformProbes({ files, processes, clock, log, counters }, platform, intervalMs);
  const sampler = createSampler(probes, clock, counters);
  await sampler.sample(); // the base of all differences; its own are unknown
  let dueMs = clock.monotonicMs();
  for (;;) {
    const nowMs = clock.monotonicMs();
    dueMs += intervalMs * Math.max(1, Math.ceil((nowMs - dueMs) / intervalMs));
    await clock.sleep(dueMs - nowMs);
    reply({ type: 'sample', sample: await sampler.sample() });
  }
};

const perform = async (task: TelemetryTask): Promise<void> => {
  switch (task.type) {
    case 'sample':
      return await sampleForever(task.intervalMs);
    case 'facts': {
      const ports = { files, processes, counters, systemInformation: readSystemInformation };
      const facts = await collectFacts(ports, { platform, arch: process.arch }, new AbortController().signal);
      reply({ type: 'facts', facts });
    }
  }
};

link.onMessage((message) => {
  const run = async (): Promise<void> => {
    try {
      await perform(telemetryTaskSchema.parse(message));
    } catch (error) {
      const { code, message: text } = toAppError(error, 'hardware.probe-failed');
      reply({ type: 'failed', error: { code, message: text } });
    }
  };
  void run();
});
reply({ type: 'ready' });
