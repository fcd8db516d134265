/** What other rooms may use of models. The engine's children import single files, to start with little code. */
export { calibrationTextSha256 } from './calibration-text.ts';
export { discardPull, pullModel } from './download.ts';
export { identifyModel } from './file-identity.ts';
export { validateModel } from './gguf/validate.ts';
export type { Inspector, ReadingDevice } from './inspector.ts';
export { leastMemoryOf } from './least-memory.ts';
export { createModelLibrary, type ModelLibrary } from './library.ts';
export { estimateMemoryFit } from './memory-fit.ts';
export { createMemoryLedger, type MemoryLedger } from './memory-ledger.ts';
export { findQuantType, quantTypes } from './quant-types.ts';
export { makeImatrix } from './make-imatrix.ts';
export { quantizedName } from './quantized-name.ts';
export { quantizeModel } from './quantize.ts';
export { refuseImpossible } from './refuse-impossible.ts';
export { refuseSynthetic } from './refuse-synthetic.ts';
export { forecastSpeed, readSpeedFacts } from './speed-model.ts';
export { planSynthesis, synthesizeFile } from './synth.ts';
export { listShapes } from './synthesize/shape-list.ts';
