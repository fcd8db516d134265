import { z } from 'zod';
import { factsOf, type ServedModel } from '../router/route-table.ts';

/** `7.6B`, `494M`: how Ollama writes a parameter count. */
const sizeName = (parameters: number): string =>
  parameters >= 1e9 ? `${(parameters / 1e9).toFixed(1)}B` : `${(parameters / 1e6).toFixed(2)}M`;

const detailsOf = ({ info }: ServedModel) => ({
  parent_model: '',
  format: 'gguf',
  family: info.file?.architecture ?? '',
  families: info.file === undefined ? [] : [info.file.architecture],
  parameter_size: info.file === undefined ? '' : sizeName(info.file.parameterCount),
  quantization_level: info.quantization,
});

/** A served model as `GET /api/tags` lists it. */
export const toTag = (model: ServedModel) => ({
  name: model.info.id,
  model: model.info.id,
  modified_at: new Date(model.info.createdMs).toISOString(),
  size: model.info.file?.sizeBytes ?? 0,
  digest: model.info.file?.sha256() ?? '',
  details: detailsOf(model),
});

/** Body of `POST /api/show`. */
export const ollamaShowSchema = z.strictObject({
  model: z.string().min(1).max(512),
  verbose: z.boolean().optional(),
});

/** What is known of a served model, in Ollama's words. */
export const toShowReply = (model: ServedModel) => {
  const { info } = model;
  const facts = factsOf(model);
  const family = info.file?.architecture ?? 'general';
  return {
    modelfile: `FROM ${info.id}\n`,
    parameters: '',
    template: info.chatTemplate ?? '',
    license: '',
    details: detailsOf(model),
    modified_at: new Date(info.createdMs).toISOString(),
    model_info: {
      'general.architecture': family,
      'general.parameter_count': info.file?.parameterCount ?? null,
      [`${family}.context_length`]: info.contextLength,
      [`${family}.embedding_length`]: facts?.embeddingLength ?? null,
      'dyno.context_size': facts?.contextSize ?? null,
    },
    capabilities: [
      'completion',
      'embedding',
      ...(facts?.features.tools === true ? ['tools'] : []),
      ...(facts?.features.reasoning === true ? ['thinking'] : []),
    ],
  };
};
