import type { BenchRun } from '../../shared/contract/bench.ts';
import type { Inventory, TelemetrySample } from '../../shared/contract/hardware.ts';
import type { Model } from '../../shared/contract/models.ts';
import type { EventBody } from '../../shared/events/events.ts';
import type { EnginePool, EngineReplica } from '../engine/engine.ts';
import type { Folders, Ports } from '../platform/ports.ts';
import type { Judge } from './judge/ports.ts';
import type { ModelMaker } from './make/ports.ts';
import type { FactStore, RunStore } from '../platform/stores.ts';

/** A real HTTP server in front of one replica. Disposing it closes the server and leaves the replica loaded. */
export interface BenchTarget extends AsyncDisposable {
  /** With `/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly modelName: string;
}

/** State of the machine just before a run. */
export type IdleState = BenchRun['idle'];

/** What another host of the same data folder measures. */
export interface ForeignRun {
  readonly pid: number;
  readonly kind: 'bench' | 'sweep' | 'load' | 'quality' | 'quality-pack';
  /** Id of the run, sweep or load run; `null` for a judgement or a reference pack, which has none yet. */
  readonly runId: string | null;
}

/** What the bench needs of the world; `app` wires it. */
export interface BenchPorts extends Pick<Ports, 'clock' | 'random' | 'log' | 'files' | 'processes' | 'host'> {
  /** `text/heldout.txt` in it is what prompts are cut from. */
  readonly folders: Pick<Folders, 'resources'>;
  readonly runs: RunStore;
  readonly facts: FactStore;
  readonly engines: EnginePool;
  /** @throws AppError `models.not-found`, `models.ambiguous` */
  resolveModel(idOrPath: string): Promise<Model>;
  readonly maker: ModelMaker;
  foreignRun(): ForeignRun | undefined;
  readonly judge: Judge;
  /** The model's own chat template, `null` when it has none. */
  chatTemplate(path: string): Promise<string | null>;
  /** Opens the product's own server on a free loopback port in front of `replica`. */
  openTarget(replica: EngineReplica, signal: AbortSignal): Promise<BenchTarget>;
  /** Calls `act` for every live reading until disposed. */
  watchTelemetry(act: (sample: TelemetrySample) => void): Disposable;
  inventory(): Promise<Inventory>;
  /** Looks at the machine for a moment before a run: load of other programs, power, memory. */
  idleProbe(signal: AbortSignal): Promise<IdleState>;
  /** Processor time of other programs over the next second, percent; `null` where the system does not tell. */
  foreignCpuPercent(signal: AbortSignal): Promise<number | null>;
  publish(event: EventBody): void;
  /** Dyno's version. */
  readonly version: string;
}
