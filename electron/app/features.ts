import type { CompatEvent, CompatInput } from '../../shared/contract/compat.ts';
import type { ForecastInput, SpeedForecast } from '../../shared/contract/forecast.ts';
import type { DoctorCheck, Inventory, TelemetrySample } from '../../shared/contract/hardware.ts';
import type { MemoryHistory } from '../../shared/contract/memory.ts';
import type {
  EngineSettingsPatch,
  MemoryFit,
  Model,
  ModelDetails,
  QuantType,
} from '../../shared/contract/models.ts';
import type { SynthInput, SynthPlan, SynthShape } from '../../shared/contract/synth.ts';
import type { AppInfo } from '../../shared/contract/settings.ts';
import type { Bench, LoadRuns, Quality, Reports } from '../bench/index.ts';
import type { ManagedEnginePool } from '../engine/index.ts';
import type { AlertDesk } from './alerts/alert-desk.ts';
import type { Access } from './access/open-access.ts';
import type { EventLog } from './events.ts';
import type { JobRunner } from './jobs.ts';
import type { ServerControl } from './server-control.ts';
import type { SettingsKeeper } from './settings.ts';
import type { Uploads } from './uploads.ts';

/** What the handlers call: the features as `create-app.ts` built and wired them. */
export interface Features {
  readonly info: () => AppInfo;
  readonly settings: SettingsKeeper;
  readonly uploads: Uploads;
  readonly events: EventLog;
  readonly jobs: JobRunner;
  readonly hardware: {
    inventory(options: { readonly refresh: boolean; readonly signal: AbortSignal }): Promise<Inventory>;
    watch(signal: AbortSignal): AsyncIterable<TelemetrySample>;
    setTelemetryIntervalMs(intervalMs: number): Promise<void>;
    doctor(signal: AbortSignal): Promise<readonly DoctorCheck[]>;
  };
  readonly models: {
    list(signal: AbortSignal): Promise<readonly Model[]>;
    scan(signal: AbortSignal): Promise<readonly Model[]>;
    resolve(idOrPath: string): Promise<Model>;
    inspect(idOrPath: string): Promise<ModelDetails>;
    fit(idOrPath: string, settings: EngineSettingsPatch, signal: AbortSignal): Promise<MemoryFit>;
    memoryHistory(): MemoryHistory;
    quantTypes(): readonly QuantType[];
    importFile(
      path: string,
      options: { readonly copy: boolean; readonly signal: AbortSignal },
    ): Promise<Model>;
    remove(
      idOrPath: string,
      options: { readonly deleteFiles: boolean },
    ): Promise<{ readonly removed: string; readonly deletedFiles: readonly string[] }>;
  };
  readonly synth: {
    shapes(): readonly SynthShape[];
    plan(input: SynthInput, signal: AbortSignal): Promise<SynthPlan>;
    forecast(input: ForecastInput, signal: AbortSignal): Promise<SpeedForecast>;
  };
  readonly engines: ManagedEnginePool;
  readonly bench: Bench;
  readonly quality: Quality;
  readonly compat: (input: CompatInput, signal: AbortSignal) => AsyncIterable<CompatEvent>;
  readonly loads: LoadRuns;
  readonly reports: Reports;
  readonly access: Access;
  readonly alerts: AlertDesk;
  readonly server: ServerControl;
}
