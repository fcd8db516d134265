import { usableContextSize } from '../../../shared/units/usable-context.ts';
import { toLoraAdapters } from '../llama/lora.ts';
import { factsOf, type ServedModel } from '../router/route-table.ts';
import type { ModelObject } from './reply-schemas.ts';

/** A served model as `/v1/models` lists it. */
export const toModelObject = (model: ServedModel): ModelObject => {
  const facts = factsOf(model);
  const adapters = toLoraAdapters(model);
  return {
    id: model.info.id,
    object: 'model',
    created: Math.floor(model.info.createdMs / 1000),
    owned_by: 'dyno',
    name: model.info.name,
    quantization: model.info.quantization,
    context_length: facts === undefined ? model.info.contextLength : usableContextSize(facts),
    is_ready: facts !== undefined,
    ...(facts !== undefined && { ranking: facts.ranking ?? 'no' }),
    ...(adapters.length > 0 && { lora_adapters: adapters }),
  };
};
