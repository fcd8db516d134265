import { errorRow } from '../../../shared/errors/table.ts';
import { encodeErrorEvent, EVENT_STREAM, type Dialect } from '../dialect.ts';
import { toldFacts, toldMessage } from '../error-head.ts';
import { toldError } from '../told-error.ts';

/** Anthropic's `error.type` goes by the status. */
const typeOf = (status: number): string => {
  switch (status) {
    case 401:
      return 'authentication_error';
    case 403:
      return 'permission_error';
    case 404:
      return 'not_found_error';
    case 413:
      return 'request_too_large';
    case 429:
      return 'rate_limit_error';
    case 503:
      return 'overloaded_error';
    case 504:
      return 'timeout_error';
    default:
      return status < 500 ? 'invalid_request_error' : 'api_error';
  }
};

export const anthropicDialect: Dialect = {
  requestIdHeader: 'request-id',
  /** Anthropic's form, and the code and parameter of ours, which tell more than its few types. */
  errorBody: (error, requestId) => {
    const said = toldError(error);
    const { http, openai } = errorRow(said.code);
    const param = said.details?.['param'];
    return {
      type: 'error',
      error: {
        type: typeOf(http),
        message: toldMessage(said),
        code: openai.code,
        ...(typeof param === 'string' && param !== '' ? { param } : {}),
        ...toldFacts(said),
      },
      request_id: requestId,
    };
  },
  stream: {
    contentType: EVENT_STREAM,
    heartbeat: 'event: ping\ndata: {"type":"ping"}\n\n',
    error: encodeErrorEvent,
  },
};
