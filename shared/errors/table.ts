/**
 * The one table of failures a user can meet. A code is `area.problem`.
 *
 * - `http`: status of the REST contract and of the OpenAI-compatible server.
 * - `exit`: exit code of the `dyno` command, after BSD's sysexits where one fits.
 * - `retryable`: the same request may succeed later without a change; the window then shows "Try again".
 * - `openai`: `error.type` and `error.code` in the OpenAI-compatible server's reply.
 * - `title`: what happened, in one plain sentence; the thrown error adds particulars and a hint.
 *
 * `docs/errors.md` is generated from this table; a test keeps the two equal.
 */
interface ErrorRow {
  readonly http: number;
  readonly exit: number;
  readonly retryable: boolean;
  readonly openai: { readonly type: string; readonly code: string };
  readonly title: string;
}

const invalidRequest = (code: string) => ({ type: 'invalid_request_error', code }) as const;
const serverError = (code: string) => ({ type: 'server_error', code }) as const;

export const errorTable = {
  'app.bad-input': {
    http: 400,
    exit: 64,
    retryable: false,
    openai: invalidRequest('invalid_value'),
    title: 'The input does not have the form this action needs.',
  },
  'app.cancelled': {
    http: 499,
    exit: 130,
    retryable: false,
    openai: invalidRequest('cancelled'),
    title: 'The action was cancelled.',
  },
  'app.not-found': {
    http: 404,
    exit: 66,
    retryable: false,
    openai: invalidRequest('not_found'),
    title: 'There is nothing under that name.',
  },
  'app.internal': {
    http: 500,
    exit: 70,
    retryable: false,
    openai: serverError('internal'),
    title: 'Dyno met a defect of its own.',
  },
  'app.unsupported-node': {
    http: 500,
    exit: 78,
    retryable: false,
    openai: serverError('internal'),
    title: 'This version of Node.js is too old for Dyno.',
  },
  'app.host-gone': {
    http: 503,
    exit: 69,
    retryable: true,
    openai: serverError('host_gone'),
    title: 'The Dyno this command had joined has ended.',
  },
  'app.port-in-use': {
    http: 409,
    exit: 69,
    retryable: true,
    openai: serverError('port_in_use'),
    title: 'Another program listens on that port.',
  },
  'app.unauthorized': {
    http: 401,
    exit: 77,
    retryable: false,
    openai: { type: 'authentication_error', code: 'unauthorized' },
    title: 'The page was opened without its access token.',
  },
  'storage.disk-full': {
    http: 507,
    exit: 74,
    retryable: true,
    openai: serverError('disk_full'),
    title: 'The disk has too little free space.',
  },
  'storage.corrupt': {
    http: 500,
    exit: 74,
    retryable: false,
    openai: serverError('internal'),
    title: 'The database cannot be read.',
  },
  'storage.locked': {
    http: 503,
    exit: 75,
    retryable: true,
    openai: serverError('internal'),
    title: 'Another Dyno process writes to the same data folder.',
  },
  'files.not-found': {
    http: 404,
    exit: 66,
    retryable: false,
    openai: invalidRequest('not_found'),
    title: 'That file does not exist.',
  },
  'files.not-allowed': {
    http: 403,
    exit: 77,
    retryable: false,
    openai: invalidRequest('not_allowed'),
    title: 'The operating system does not allow access to that file.',
  },
  'hardware.probe-failed': {
    http: 500,
    exit: 71,
    retryable: true,
    openai: serverError('internal'),
    title: 'The device probe ended without an answer.',
  },
  'models.not-found': {
    http: 404,
    exit: 66,
    retryable: false,
    openai: invalidRequest('model_not_found'),
    title: 'No model has that id or path.',
  },
  'models.ambiguous': {
    http: 409,
    exit: 64,
    retryable: false,
    openai: invalidRequest('model_ambiguous'),
    title: 'More than one model matches.',
  },
  'models.not-gguf': {
    http: 422,
    exit: 65,
    retryable: false,
    openai: invalidRequest('model_invalid'),
    title: 'The file is not a GGUF model.',
  },
  'models.bad-header': {
    http: 422,
    exit: 65,
    retryable: false,
    openai: invalidRequest('model_invalid'),
    title: 'The header of the GGUF file is damaged or unsafe to load.',
  },
  'models.truncated': {
    http: 422,
    exit: 65,
    retryable: false,
    openai: invalidRequest('model_invalid'),
    title: 'The GGUF file is shorter than its header says.',
  },
  'models.missing-part': {
    http: 422,
    exit: 66,
    retryable: false,
    openai: invalidRequest('model_invalid'),
    title: 'A part of a split model is missing.',
  },
  'models.unsupported-architecture': {
    http: 422,
    exit: 65,
    retryable: false,
    openai: invalidRequest('model_unsupported'),
    title: 'The bundled llama.cpp does not know this architecture.',
  },
  'models.synthetic': {
    http: 422,
    exit: 65,
    retryable: false,
    openai: invalidRequest('model_synthetic'),
    title: 'A synthetic model has random weights: its quality cannot be measured.',
  },
  'models.in-use': {
    http: 409,
    exit: 75,
    retryable: true,
    openai: invalidRequest('model_in_use'),
    title: 'The model is in use.',
  },
  'models.exists': {
    http: 409,
    exit: 73,
    retryable: false,
    openai: invalidRequest('already_exists'),
    title: 'A file with that name is already there.',
  },
  'models.quantize-failed': {
    http: 422,
    exit: 70,
    retryable: false,
    openai: serverError('quantize_failed'),
    title: 'llama.cpp refused to quantize this file.',
  },
  'models.quantize-version': {
    http: 501,
    exit: 78,
    retryable: false,
    openai: serverError('quantize_unavailable'),
    title: 'The installed llama.cpp is not the version quantization was tested with.',
  },
  'models.download-failed': {
    http: 502,
    exit: 69,
    retryable: true,
    openai: serverError('download_failed'),
    title: 'The download did not finish.',
  },
  'models.checksum-mismatch': {
    http: 422,
    exit: 65,
    retryable: true,
    openai: serverError('checksum_mismatch'),
    title: 'The file does not have the expected SHA-256.',
  },
  'engine.load-failed': {
    http: 422,
    exit: 65,
    retryable: false,
    openai: serverError('model_load_failed'),
    title: 'llama.cpp could not load the model.',
  },
  'engine.out-of-memory': {
    http: 507,
    exit: 75,
    retryable: false,
    openai: serverError('out_of_memory'),
    title: 'The model with these settings does not fit in memory.',
  },
  'engine.crashed': {
    http: 503,
    exit: 70,
    retryable: true,
    openai: serverError('replica_crashed'),
    title: 'The engine process ended while it was working.',
  },
  'engine.marked-bad': {
    http: 422,
    exit: 65,
    retryable: false,
    openai: serverError('model_marked_bad'),
    title: 'The engine crashed three times on this model, so it is no longer restarted.',
  },
  'engine.not-ready': {
    http: 503,
    exit: 75,
    retryable: true,
    openai: serverError('model_loading'),
    title: 'The model is not loaded yet.',
  },
  'engine.context-exceeded': {
    http: 400,
    exit: 64,
    retryable: false,
    openai: invalidRequest('context_length_exceeded'),
    title: 'The prompt and the asked answer do not fit in the context.',
  },
  'engine.unsupported': {
    http: 400,
    exit: 64,
    retryable: false,
    openai: invalidRequest('unsupported_parameter'),
    title: 'The loaded model or engine cannot do this.',
  },
  'engine.bad-grammar': {
    http: 400,
    exit: 65,
    retryable: false,
    openai: invalidRequest('invalid_grammar'),
    title: 'The grammar or JSON schema cannot be used.',
  },
  'engine.bad-template': {
    http: 422,
    exit: 65,
    retryable: false,
    openai: invalidRequest('invalid_template'),
    title: 'The chat template of the model cannot render these messages.',
  },
  'engine.bad-state': {
    http: 422,
    exit: 65,
    retryable: false,
    openai: serverError('state_invalid'),
    title: 'A saved sequence state does not belong to this model or is damaged.',
  },
  'engine.version-mismatch': {
    http: 500,
    exit: 78,
    retryable: false,
    openai: serverError('engine_version'),
    title: 'The installed node-llama-cpp is not the version Dyno was built for.',
  },
  'bench.run-not-found': {
    http: 404,
    exit: 66,
    retryable: false,
    openai: invalidRequest('not_found'),
    title: 'No benchmark run has that id.',
  },
  'bench.not-comparable': {
    http: 409,
    exit: 65,
    retryable: false,
    openai: invalidRequest('not_comparable'),
    title: 'These results were made under different workloads or formulas.',
  },
  'bench.not-resumable': {
    http: 409,
    exit: 64,
    retryable: false,
    openai: invalidRequest('not_resumable'),
    title: 'This run is finished; there is nothing to resume.',
  },
  'bench.busy': {
    http: 409,
    exit: 75,
    retryable: true,
    openai: serverError('busy'),
    title: 'Another benchmark is running.',
  },
  'bench.target-failed': {
    http: 502,
    exit: 69,
    retryable: true,
    openai: serverError('target_failed'),
    title: 'The measured server did not answer as an OpenAI-compatible server does.',
  },
  'server.not-running': {
    http: 409,
    exit: 69,
    retryable: false,
    openai: serverError('not_running'),
    title: 'The server is off.',
  },
  'gateway.host-not-allowed': {
    http: 403,
    exit: 77,
    retryable: false,
    openai: invalidRequest('host_not_allowed'),
    title: 'The Host header names a host this server does not answer for.',
  },
  'gateway.origin-not-allowed': {
    http: 403,
    exit: 77,
    retryable: false,
    openai: invalidRequest('origin_not_allowed'),
    title: 'Web pages of this origin may not call the server.',
  },
  'gateway.invalid-api-key': {
    http: 401,
    exit: 77,
    retryable: false,
    openai: { type: 'authentication_error', code: 'invalid_api_key' },
    title: 'The API key is missing or wrong.',
  },
  'gateway.insufficient-permissions': {
    http: 403,
    exit: 77,
    retryable: false,
    openai: { type: 'permission_error', code: 'insufficient_permissions' },
    title: 'This API key may not do that.',
  },
  'gateway.unsupported-media-type': {
    http: 415,
    exit: 65,
    retryable: false,
    openai: invalidRequest('unsupported_media_type'),
    title: 'The request body must be application/json.',
  },
  'gateway.payload-too-large': {
    http: 413,
    exit: 65,
    retryable: false,
    openai: invalidRequest('payload_too_large'),
    title: 'The request body is too large.',
  },
  'gateway.invalid-json': {
    http: 400,
    exit: 65,
    retryable: false,
    openai: invalidRequest('invalid_json'),
    title: 'The request body is not valid JSON.',
  },
  'gateway.invalid-value': {
    http: 400,
    exit: 65,
    retryable: false,
    openai: invalidRequest('invalid_value'),
    title: 'A parameter has a value the server does not accept.',
  },
  'gateway.unsupported-parameter': {
    http: 400,
    exit: 65,
    retryable: false,
    openai: invalidRequest('unsupported_parameter'),
    title: 'The server does not know or cannot honour a parameter.',
  },
  'gateway.not-found': {
    http: 404,
    exit: 66,
    retryable: false,
    openai: invalidRequest('not_found'),
    title: 'The server has no such address.',
  },
  'gateway.method-not-allowed': {
    http: 405,
    exit: 64,
    retryable: false,
    openai: invalidRequest('method_not_allowed'),
    title: 'The address exists, but not for this method.',
  },
  'gateway.model-not-found': {
    http: 404,
    exit: 66,
    retryable: false,
    openai: invalidRequest('model_not_found'),
    title: 'The server does not serve that model.',
  },
  'gateway.queue-full': {
    http: 503,
    exit: 75,
    retryable: true,
    openai: serverError('queue_full'),
    title: 'The queue is full.',
  },
  'gateway.stopping': {
    http: 503,
    exit: 75,
    retryable: true,
    openai: serverError('server_stopping'),
    title: 'The server is being stopped.',
  },
  'gateway.deadline-exceeded': {
    http: 504,
    exit: 75,
    retryable: true,
    openai: serverError('deadline_exceeded'),
    title: 'The request took longer than its deadline.',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

/** The row of a code. */
export const errorRow = (code: ErrorCode): ErrorRow => errorTable[code];

/** True when `code` is a row of the table: for text that crossed a process or network border. */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code);
