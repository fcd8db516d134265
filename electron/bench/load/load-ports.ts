import type { EnginePool } from '../../engine/engine.ts';
import type { Ports } from '../../platform/ports.ts';
import type { LoadStore } from '../../platform/stores.ts';
import type { BenchPorts } from '../ports.ts';

/** What load runs need of the world; `app` wires it. */
export interface LoadPorts
  extends
    Pick<BenchPorts, 'clock' | 'random' | 'log' | 'files' | 'processes' | 'folders'>,
    Pick<BenchPorts, 'resolveModel' | 'openTarget' | 'idleProbe' | 'inventory' | 'publish' | 'version'>,
    Pick<Ports, 'http'> {
  readonly loads: LoadStore;
  readonly engines: Pick<EnginePool, 'acquire'>;
}
