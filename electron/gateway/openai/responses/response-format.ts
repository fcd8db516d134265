import type { GenerationFormat } from '../../generation/format.ts';
import { toAssistantMessage, toOutput, toResponse, type KeepResponse } from './response-object.ts';
import type { ResponseRequest } from './response-schema.ts';
import { createResponseEncoder } from './response-stream.ts';

/** The Responses API's object, or its events. */
export const responseFormat = (request: ResponseRequest, keep: KeepResponse): GenerationFormat => ({
  idPrefix: 'resp_',
  parameterNames: { response_format: 'text.format' },
  whole: (head, [answer], report) => {
    if (answer === undefined) return toResponse(head, request, [], { type: 'running' });
    keep(head.id, toAssistantMessage(answer));
    return toResponse(head, request, toOutput(head, answer), { type: 'done', end: answer, report });
  },
  encoder: (head) => createResponseEncoder(head, request, keep),
});
