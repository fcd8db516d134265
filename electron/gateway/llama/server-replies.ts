import { factsOf, type ServedModel } from '../router/route-table.ts';
import { toLoraAdapters } from './lora.ts';

/** What `GET /props` tells of the first served model, in llama.cpp's names; paths stay here. */
export const toProps = (model: ServedModel | undefined, version: string): unknown => {
  const facts = model === undefined ? undefined : factsOf(model);
  return {
    model_alias: model?.info.id ?? null,
    total_slots: facts?.slots ?? 0,
    default_generation_settings: { n_ctx: facts?.contextSize ?? null },
    lora_adapters: toLoraAdapters(model),
    chat_template: model?.info.chatTemplate ?? null,
    modalities: { vision: false, audio: false },
    build_info:
      facts === undefined ? `dyno ${version}` : `dyno ${version}, llama.cpp ${facts.llamaCppRelease}`,
    is_ready: facts !== undefined,
  };
};

/**
 * What `GET /slots` tells: one entry per sequence of the engines, those in work first. Whose request it is stays here:
 * ids of other people's requests are none of a key's business.
 */
export const toSlots = (models: readonly ServedModel[]): unknown =>
  models.flatMap((model) =>
    model.replicas().flatMap((replica) => {
      const state = replica.state();
      if (state.type !== 'ready') return [];
      const { running } = replica.snapshot();
      return Array.from({ length: state.facts.slots }, (_, id) => ({
        id,
        model: model.info.id,
        n_ctx: state.facts.contextSize,
        is_processing: id < running,
      }));
    }),
  );
