import type { EngineSettings, Model } from '../../../shared/contract/models.ts';
import type { EventBody } from '../../../shared/events/events.ts';
import type { EnginePool, NativeBackend, Scorer } from '../../engine/index.ts';
import type { Folders, Ports } from '../../platform/ports.ts';
import type { QualityStore } from '../../platform/stores.ts';

/** Where a model's weights go for scoring. */
export interface ScoringDevice {
  readonly backend: NativeBackend;
  /** −1 = all. */
  readonly gpuLayers: number;
}

/** What quality needs of the world; `app` wires it. */
export interface QualityPorts extends Pick<Ports, 'clock' | 'random' | 'log' | 'files' | 'host'> {
  /** `text/heldout.txt` and `text/heldout-tasks.jsonl` in it are the bundled text and tasks. */
  readonly folders: Pick<Folders, 'resources'>;
  readonly store: QualityStore;
  readonly scorer: Scorer;
  readonly engines: Pick<EnginePool, 'acquire'>;
  publish(event: EventBody): void;
  /** The user's engine settings with their defaults. */
  settings(): EngineSettings;
  /** @throws AppError `models.not-found`, `models.ambiguous` */
  resolveModel(idOrPath: string): Promise<Model>;
  /** SHA-256 of a model's file, from memory while it is unchanged. */
  hashModel(model: Model, signal: AbortSignal): Promise<string>;
  /** @throws AppError `models.*`: native code never sees a file whose header is unsafe */
  validate(path: string): Promise<unknown>;
  /** SHA-256 of the text whose importance matrix the file was quantized with; `null` where none is noted. */
  calibrationTextSha256(path: string, signal: AbortSignal): Promise<string | null>;
  /** The backend and the layers that fit on it, as an engine would load the model. */
  planDevice(path: string, signal: AbortSignal): Promise<ScoringDevice>;
  /** Dyno's version. */
  readonly version: string;
}
