export { createModelLibrary, type ModelLibrary } from './library.ts';
export { validateModel, type ValidModel } from './gguf/validate.ts';
export { synthesizeModel } from './synthesize.ts';
export type { DeviceProbe, Inspector } from './inspector.ts';
export { estimateMemoryFit } from './memory-fit.ts';
export { quantTypes } from './quant-types.ts';
export { quantizeModel, removeStaleQuantizeParts } from './quantize.ts';
export { discardPull, pullModel } from './download.ts';
