import { z } from 'zod';
import type { Grammar, Prompt } from '../../engine/engine.ts';
import type { Clock, Random } from '../../platform/ports.ts';
import type { Call } from '../call.ts';
import { toChatPrompt } from '../generation/chat-prompt.ts';
import { thinkingVariables, toTemplateVariables } from '../generation/template-variables.ts';
import { toToolDefinition } from '../generation/tool-definition.ts';
import { optionalOrNull } from '../parameters/optional-or-null.ts';
import { invalidValue } from '../parameters/parameter-error.ts';
import type { ServedModel } from '../router/route-table.ts';
import { ollamaFormat, toLoadReply } from './generation-format.ts';
import { messageSchema, noImages, toChatMessages } from './messages.ts';
import { contextWarning, optionsSchema, toMaxTokens, toOllamaSampling } from './options.ts';

const jsonObject = z.record(z.string(), z.unknown());

/** Seconds, or a duration as `5m`; −1 is for ever. */
export const keepAlive = optionalOrNull(z.union([z.string().max(32), z.number()]));

const shared = {
  model: z.string().min(1).max(512),
  stream: z.boolean().default(true),
  format: optionalOrNull(z.union([z.literal(['', 'json']), jsonObject])),
  options: optionalOrNull(optionsSchema),
  think: optionalOrNull(z.union([z.boolean(), z.enum(['low', 'medium', 'high'])])),
  logprobs: optionalOrNull(z.boolean()),
  top_logprobs: optionalOrNull(z.number().int().min(0).max(20)),
  keep_alive: keepAlive,
} as const;

const toolSchema = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name: z.string().regex(/^[\w.-]{1,64}$/u, 'A function name has up to 64 of a-z, A-Z, 0-9, _ . -'),
    description: z.string().optional(),
    parameters: jsonObject.optional(),
  }),
});

/** Body of `POST /api/chat`. */
export const ollamaChatSchema = z.strictObject({
  ...shared,
  messages: z.array(messageSchema).max(8192).default([]),
  tools: optionalOrNull(z.array(toolSchema).max(128)),
});

/** Body of `POST /api/generate`. */
export const ollamaGenerateSchema = z.strictObject({
  ...shared,
  prompt: z.string().default(''),
  system: optionalOrNull(z.string()),
  images: noImages,
  /** True: the prompt as it stands, without the model's template. */
  raw: optionalOrNull(z.boolean()),
});

type Shared = Omit<z.infer<typeof ollamaGenerateSchema>, 'prompt' | 'system' | 'images' | 'raw'>;

interface CallPorts {
  readonly clock: Clock;
  readonly random: Random;
}

const names = {
  messages: 'messages',
  tools: 'tools',
  toolName: 'function.name',
  toolChoice: 'tools',
  toolChoiceName: 'tools',
};

export const keepAliveWarning = (value: string | number | undefined): readonly string[] =>
  value === undefined ? [] : ['keep_alive has no effect: the model stays loaded until the server stops.'];

const toGrammar = ({ format }: Shared): Grammar | undefined => {
  if (format === undefined || format === '') return undefined;
  return format === 'json' ? { type: 'json-object' } : { type: 'json-schema', schema: format };
};

const toVariables = ({ think }: Shared, model: ServedModel) => {
  if (think === undefined) return undefined;
  return typeof think === 'boolean'
    ? thinkingVariables(think, model, { effort: 'think' })
    : toTemplateVariables({ effort: think }, model, { effort: 'think' });
};

const toCall = (
  request: Shared,
  given: { readonly prompt: Prompt; readonly kind: 'chat' | 'generate' },
  model: ServedModel,
  ports: CallPorts,
): Call => {
  const options = request.options ?? {};
  const grammar = toGrammar(request);
  if (request.top_logprobs !== undefined && request.logprobs !== true)
    throw invalidValue('top_logprobs', 'top_logprobs needs logprobs.', 'Send logprobs: true.');
  return {
    type: 'generation',
    model,
    choices: [
      {
        request: {
          prompt: given.prompt,
          sampling: toOllamaSampling(options, model, ports.random),
          maxTokens: toMaxTokens(options),
          stop: typeof options.stop === 'string' ? [options.stop] : (options.stop ?? []),
          ...(grammar === undefined ? {} : { grammar }),
          ...(request.logprobs === true ? { logprobs: { top: request.top_logprobs ?? 0 } } : {}),
        },
        promptIndex: 0,
        allowsParallelToolCalls: true,
      },
    ],
    isStream: request.stream,
    format: ollamaFormat(given.kind, request.model, ports.clock),
    warnings: [...contextWarning(options, model), ...keepAliveWarning(request.keep_alive)],
  };
};

/** Nothing to answer: Ollama's way of loading a model, which is loaded here. */
const toLoadCall = (
  kind: 'chat' | 'generate',
  request: Pick<Shared, 'model' | 'keep_alive'>,
  model: ServedModel,
  { clock }: CallPorts,
): Call => ({
  type: 'question',
  model,
  answer: () => Promise.resolve(toLoadReply(kind, request.model, clock)),
  warnings: keepAliveWarning(request.keep_alive),
});

/** @throws AppError `gateway.invalid-value`, `gateway.unsupported-parameter` */
export const toOllamaChat = (
  request: z.infer<typeof ollamaChatSchema>,
  model: ServedModel,
  ports: CallPorts,
): Call => {
  if (request.messages.length === 0) return toLoadCall('chat', request, model, ports);
  const tools = (request.tools ?? []).map(({ function: tool }) => toToolDefinition(tool));
  const messages = toChatMessages(request.messages);
  const prompt = toChatPrompt(
    { messages, tools, toolChoice: undefined, templateVariables: toVariables(request, model) },
    model,
    names,
  );
  return toCall(request, { prompt, kind: 'chat' }, model, ports);
};

/** @throws AppError `gateway.invalid-value`, `gateway.unsupported-parameter` */
export const toOllamaGenerate = (
  request: z.infer<typeof ollamaGenerateSchema>,
  model: ServedModel,
  ports: CallPorts,
): Call => {
  if (request.prompt === '') return toLoadCall('generate', request, model, ports);
  const { system } = request;
  if (request.raw === true && (system !== undefined || request.think !== undefined)) {
    throw invalidValue(
      'raw',
      'A raw prompt goes to the model as it stands, without system and think.',
      'Write them into the prompt, or leave raw out.',
    );
  }
  const prompt: Prompt =
    request.raw === true
      ? { type: 'text', text: request.prompt }
      : toChatPrompt(
          {
            messages: [
              ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
              { role: 'user', content: request.prompt },
            ],
            tools: [],
            toolChoice: undefined,
            templateVariables: toVariables(request, model),
          },
          model,
          { ...names, messages: 'prompt' },
        );
  return toCall(request, { prompt, kind: 'generate' }, model, ports);
};
