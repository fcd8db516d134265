import { encodeErrorEvent, EVENT_STREAM, HEARTBEAT, type Dialect } from '../dialect.ts';
import { toErrorReply } from './error-reply.ts';

export const openaiDialect: Dialect = {
  errorBody: toErrorReply,
  stream: { contentType: EVENT_STREAM, heartbeat: HEARTBEAT, error: encodeErrorEvent },
};
