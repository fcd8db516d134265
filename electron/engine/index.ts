export { createEnginePool, type EnginePoolOptions, type ManagedEnginePool } from './create-engine-pool.ts';
export type * from './engine.ts';
export { createInspector } from './inspector/create-inspector.ts';
