import type { BenchModel } from '../../../shared/contract/bench.ts';
import type { Model } from '../../../shared/contract/models.ts';
import { sha256Of } from '../workload.ts';

/** A model as a run keeps it: what it was when it was measured. */
export const toBenchModel = (
  model: Model,
  template: string | null,
  variant: BenchModel['variant'] = null,
): BenchModel => ({
  modelId: model.id,
  variant,
  path: model.path,
  name: model.name,
  architecture: model.architecture,
  quantization: model.quantization,
  sizeBytes: model.sizeBytes,
  bitsPerWeight: model.bitsPerWeight,
  parameterCount: model.parameterCount,
  sha256: model.sha256,
  tensorTypes: model.tensorTypes,
  templateSha256: template === null ? null : sha256Of(template),
  isSynthetic: model.isSynthetic,
  engine: null,
});
