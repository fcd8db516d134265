import { AppError } from '../../../shared/errors/app-error.ts';
import type { Clock } from '../../platform/ports.ts';
import {
  countRequestSchema,
  messageRequestSchema,
  toCountCall,
  toMessageCall,
} from '../anthropic/message-request.ts';
import type { Call } from '../call.ts';
import { infillSchema, toInfillCall } from '../llama/infill-request.ts';
import {
  applyTemplateSchema,
  detokenizeSchema,
  toDetokenizeCall,
  tokenizeSchema,
  toTemplateCall,
  toTokenizeCall,
} from '../llama/token-requests.ts';
import { ollamaEmbedSchema, toOllamaEmbed } from '../ollama/embed-request.ts';
import {
  ollamaChatSchema,
  ollamaGenerateSchema,
  toOllamaChat,
  toOllamaGenerate,
} from '../ollama/generation-request.ts';
import { ollamaShowSchema, toShowReply } from '../ollama/model-reply.ts';
import { chatRequestSchema, toChatCall } from '../openai/chat-request.ts';
import { completionRequestSchema, toCompletionCall } from '../openai/completion-request.ts';
import { embeddingRequestSchema, toEmbeddingCall } from '../openai/embedding-request.ts';
import { rerankSchema, toRankCall } from '../openai/rerank-request.ts';
import { toResponseCall, type ResponsePorts } from '../openai/responses/response-request.ts';
import { responseRequestSchema } from '../openai/responses/response-schema.ts';
import { isObject, parseJson } from '../parameters/parse-json.ts';
import { parseParameters } from '../parameters/parse-parameters.ts';
import type { CallRoute } from '../public-routes.ts';
import type { RouteTable, ServedModel } from '../router/route-table.ts';

/** The served model of that name. @throws AppError `gateway.model-not-found` */
export const resolveModel = (routes: RouteTable, model: string | undefined): ServedModel => {
  const served = routes.resolve(model);
  if (served !== undefined) return served;
  const names = routes.list().map(({ info }) => info.id);
  throw new AppError('gateway.model-not-found', `The model ${model ?? ''} is not served here.`, {
    hint: names.length === 0 ? 'Start the server with a model.' : `Served: ${names.join(', ')}.`,
    details: { param: 'model' },
  });
};

/** The same for Ollama's clients, which add a tag to a name that has none. */
const resolveTag = (routes: RouteTable, model: string): ServedModel =>
  routes.resolve(model) ?? resolveModel(routes, model.replace(/:latest$/u, ''));

/**
 * Fourth stage: bytes to a call of a served model, every parameter understood or refused by name.
 * @throws AppError `gateway.invalid-json`, `gateway.invalid-value`, `gateway.unsupported-parameter`,
 *   `gateway.model-not-found`
 */
export const parse = (route: CallRoute, bytes: Uint8Array, ports: ParsePorts): Call => {
  const body = parseJson(bytes);
  const call = toCall(route, body, ports);
  return call.type === 'generation' && isSeeded(body) ? { ...call, isSeeded: true } : call;
};

type ParsePorts = { readonly routes: RouteTable; readonly clock: Clock } & ResponsePorts;

const hasSeed = (value: object): boolean => 'seed' in value && typeof value.seed === 'number';

/** Ollama's clients put it into the options. */
const isSeeded = (body: object): boolean =>
  hasSeed(body) || ('options' in body && isObject(body.options) && hasSeed(body.options));

const toCall = (route: CallRoute, body: unknown, ports: ParsePorts): Call => {
  switch (route.name) {
    case 'chat': {
      const request = parseParameters(chatRequestSchema, body);
      return toChatCall(request, resolveModel(ports.routes, request.model), ports.random);
    }
    case 'completion': {
      const request = parseParameters(completionRequestSchema, body);
      return toCompletionCall(request, resolveModel(ports.routes, request.model), ports.random);
    }
    case 'embedding': {
      const request = parseParameters(embeddingRequestSchema, body);
      return toEmbeddingCall(request, resolveModel(ports.routes, request.model));
    }
    case 'response': {
      const request = parseParameters(responseRequestSchema, body);
      return toResponseCall(request, resolveModel(ports.routes, request.model), ports);
    }
    case 'rerank': {
      const request = parseParameters(rerankSchema, body);
      return toRankCall(request, resolveModel(ports.routes, request.model));
    }
    case 'tokenize': {
      const request = parseParameters(tokenizeSchema, body);
      return toTokenizeCall(request, resolveModel(ports.routes, request.model));
    }
    case 'detokenize': {
      const request = parseParameters(detokenizeSchema, body);
      return toDetokenizeCall(request, resolveModel(ports.routes, request.model));
    }
    case 'apply-template': {
      const request = parseParameters(applyTemplateSchema, body);
      return toTemplateCall(request, resolveModel(ports.routes, request.model));
    }
    case 'infill': {
      const request = parseParameters(infillSchema, body);
      return toInfillCall(request, resolveModel(ports.routes, request.model), ports.random);
    }
    case 'message': {
      const request = parseParameters(messageRequestSchema, body);
      return toMessageCall(request, resolveModel(ports.routes, request.model), ports.random);
    }
    case 'message-count': {
      const request = parseParameters(countRequestSchema, body);
      return toCountCall(request, resolveModel(ports.routes, request.model));
    }
    case 'ollama-chat': {
      const request = parseParameters(ollamaChatSchema, body);
      return toOllamaChat(request, resolveTag(ports.routes, request.model), ports);
    }
    case 'ollama-generate': {
      const request = parseParameters(ollamaGenerateSchema, body);
      return toOllamaGenerate(request, resolveTag(ports.routes, request.model), ports);
    }
    case 'ollama-embed': {
      const request = parseParameters(ollamaEmbedSchema, body);
      return toOllamaEmbed(request, resolveTag(ports.routes, request.model));
    }
    case 'ollama-show': {
      const model = resolveTag(ports.routes, parseParameters(ollamaShowSchema, body).model);
      return { type: 'question', model, answer: () => Promise.resolve(toShowReply(model)) };
    }
    default:
      return route satisfies never;
  }
};
