import type { Inventory } from '../../shared/contract/hardware.ts';
import { AppError, fromPayload, isAbort, readErrorPayload } from '../../shared/errors/app-error.ts';
import type { Inspector } from '../models/inspector.ts';
import type { Clock, Logger, Processes } from '../platform/ports.ts';
import type { MachineFacts } from './facts/machine-facts.ts';
import { withLlamaDevices } from './llama-gpus.ts';
import { telemetryReplySchema, type TelemetryTask } from './telemetry-protocol.ts';

interface InventoryPorts {
  readonly processes: Pick<Processes, 'spawnWorker'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly inspector: Pick<Inspector, 'probe'>;
}

/** PowerShell and dmidecode may take seconds; a worker that takes longer hangs. */
const TIMEOUT_MS = 60_000;

/**
 * Asks a throw-away telemetry worker for the facts of the machine.
 * @throws AppError `hardware.probe-failed` when it ends without an answer, `app.cancelled`
 */
const askFacts = async (ports: InventoryPorts, signal: AbortSignal): Promise<MachineFacts> => {
  const worker = ports.processes.spawnWorker('telemetry', { label: 'dyno-facts' });
  const answer = Promise.withResolvers<MachineFacts>();
  using _messages = worker.onMessage((message) => {
    const reply = telemetryReplySchema.safeParse(message);
    if (!reply.success) {
      answer.reject(new AppError('hardware.probe-failed', undefined, { cause: reply.error }));
    } else if (reply.data.type === 'ready') {
      worker.send({ type: 'facts' } satisfies TelemetryTask);
    } else if (reply.data.type === 'facts') {
      answer.resolve(reply.data.facts);
    } else if (reply.data.type === 'failed') {
      const payload = readErrorPayload(reply.data.error);
      answer.reject(payload === undefined ? new AppError('hardware.probe-failed') : fromPayload(payload));
    }
  });
  const quiet = new AbortController();
  const anySignal = AbortSignal.any([signal, quiet.signal]);
  const timeout = ports.clock.sleep(TIMEOUT_MS, anySignal).then(() => {
    throw new AppError('hardware.probe-failed', 'The hardware probe took longer than a minute.');
  });
  const death = worker.exited.then((exit) => {
    throw new AppError(
      'hardware.probe-failed',
      `The hardware probe ended (${exit.signal ?? exit.code ?? 'unknown'}).`,
      {
        details: { output: worker.outputTail().slice(-10) },
      },
    );
  });
  // each of the losers of the race may still reject, and nobody listens then
  timeout.catch(() => undefined);
  death.catch(() => undefined);
  try {
    return await Promise.race([answer.promise, timeout, death]);
  } finally {
    quiet.abort();
    await worker.stop();
  }
};

const askLlama = async (
  ports: InventoryPorts,
  signal: AbortSignal,
): Promise<Pick<Inventory, 'llama' | 'llamaProblem'>> => {
  try {
    const probe = await ports.inspector.probe(signal);
    return {
      llama: {
        ...probe,
        supportedBackends: [...probe.supportedBackends],
        deviceNames: [...probe.deviceNames],
      },
      llamaProblem: null,
    };
  } catch (error) {
    if (isAbort(error) && signal.aborted) throw error;
    ports.log.warn('the device probe of llama.cpp failed', { error });
    const hint = error instanceof AppError && error.hint !== undefined ? ` ${error.hint}` : '';
    return { llama: null, llamaProblem: `${error instanceof Error ? error.message : String(error)}${hint}` };
  }
};

export interface FullInventory {
  readonly inventory: Inventory;
  readonly facts: MachineFacts;
}

export interface InventoryTaker {
  /** The inventory of this machine; kept until `refresh`. Callers at the same time share one probe. */
  take(options: { readonly refresh: boolean; readonly signal: AbortSignal }): Promise<FullInventory>;
  /** Stops a probe under way and waits for its worker to be gone. */
  close(): Promise<void>;
}

/** Takes the inventory: facts from a worker, and llama.cpp's view from the inspector. */
export const createInventoryTaker = (ports: InventoryPorts): InventoryTaker => {
  let kept: Promise<FullInventory> | undefined;
  const closing = new AbortController();

  const probe = async (): Promise<FullInventory> => {
    const [facts, llama] = await Promise.all([
      askFacts(ports, closing.signal),
      askLlama(ports, closing.signal),
    ]);
    const { os, cpu, memory } = facts;
    const gpus = withLlamaDevices(facts.gpus, llama.llama);
    return { facts, inventory: { takenAtMs: ports.clock.nowMs(), os, cpu, memory, gpus, ...llama } };
  };

  const begin = (): Promise<FullInventory> => {
    const taken = probe();
    // a failed probe is not kept: the next caller tries again
    taken.catch(() => {
      if (kept === taken) kept = undefined;
    });
    return taken;
  };

  return {
    take: async ({ refresh, signal }) => {
      if (signal.aborted) throw new AppError('app.cancelled');
      if (kept === undefined || refresh) kept = begin();
      // the caller may leave; the probe goes on for the others and for the next one
      const left = Promise.withResolvers<never>();
      const leave = (): void => left.reject(new AppError('app.cancelled'));
      signal.addEventListener('abort', leave, { once: true });
      try {
        return await Promise.race([kept, left.promise]);
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
    close: async () => {
      closing.abort();
      // whoever asked gets the error
      await kept?.then(
        () => undefined,
        () => undefined,
      );
    },
  };
};
