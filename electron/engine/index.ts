export { createEnginePool, type EnginePoolOptions, type ManagedEnginePool } from './create-engine-pool.ts';
export type * from './engine.ts';
export { createInspector } from './inspector/create-inspector.ts';
export type { LoadScale, MemoryNeed } from './load-ledger.ts';
export { createScorer } from './scoring/create-scorer.ts';
export { decodeBytes, decodeDoubles, decodeFloats, decodeIds, decodeTokens } from './scoring/float-text.ts';
export {
  decodePackHeader,
  encodePackHeader,
  packHeaderBytes,
  encodePackWindow,
  scoredSpan,
  type PackHeader,
} from './scoring/pack-format.ts';
export type * from './scoring/scorer.ts';
export type { ForeignLoad, SharedLoads } from './shared-loads.ts';
export { testedLlama } from './scoring/tested-llama.ts';
