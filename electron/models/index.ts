/** What other rooms may use of models. */
export { discardPull, pullModel, type PullProgress } from './download.ts';
export { fileTypes, findFileTypeByName } from './gguf/file-types.ts';
export type { GgufHeader } from './gguf/read-header.ts';
export type { GgufTensor } from './gguf/read-tensors.ts';
export { validateModel, type ValidModel } from './gguf/validate.ts';
export { resolveRemoteFiles, type RemoteFile } from './hub.ts';
export type {
  DeviceProbe,
  Inspector,
  QuantizeProgress,
  QuantizeTask,
  ResourceEstimate,
} from './inspector.ts';
export { createModelLibrary, type ModelLibrary } from './library.ts';
export { estimateMemoryFit, type MemoryFitPorts } from './memory-fit.ts';
export { findQuantType, quantTypes } from './quant-types.ts';
export { quantizeModel, removeStaleQuantizeParts, type QuantizeProgressReport } from './quantize.ts';
export { repackedBytes, resolveUseMmap } from './repack-policy.ts';
export { synthesizeModel, type SynthesizedModel, type SynthesizeOptions } from './synthesize.ts';
export { modelShapes, type ModelShape, type ModelShapeName } from './synthesize/shapes.ts';
