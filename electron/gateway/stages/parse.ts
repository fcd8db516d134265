import { AppError } from '../../../shared/errors/app-error.ts';
import type { Random } from '../../platform/ports.ts';
import {
  countRequestSchema,
  messageRequestSchema,
  toCountCall,
  toMessageCall,
} from '../anthropic/message-request.ts';
import type { Call } from '../call.ts';
import { chatRequestSchema, toChatCall } from '../openai/chat-request.ts';
import { completionRequestSchema, toCompletionCall } from '../openai/completion-request.ts';
import { embeddingRequestSchema, toEmbeddingCall } from '../openai/embedding-request.ts';
import { parseJson } from '../parameters/parse-json.ts';
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

/**
 * Fourth stage: bytes to a call of a served model, every parameter understood or refused by name.
 * @throws AppError `gateway.invalid-json`, `gateway.invalid-value`, `gateway.unsupported-parameter`,
 *   `gateway.model-not-found`
 */
export const parse = (
  route: CallRoute,
  bytes: Uint8Array,
  ports: { readonly routes: RouteTable; readonly random: Random },
): Call => {
  const body = parseJson(bytes);
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
    case 'message': {
      const request = parseParameters(messageRequestSchema, body);
      return toMessageCall(request, resolveModel(ports.routes, request.model), ports.random);
    }
    case 'message-count': {
      const request = parseParameters(countRequestSchema, body);
      return toCountCall(request, resolveModel(ports.routes, request.model));
    }
    default:
      return route satisfies never;
  }
};
