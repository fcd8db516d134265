import { createNodeClock } from '../../electron/platform/node/clock.ts';
import { createParentLink } from '../../electron/platform/node/parent-link.ts';
import { isHostMessage, type ChildMessage, type EngineCall } from '../../electron/engine/protocol.ts';
import type { GenerateEvent, GenerateRequest } from '../../electron/engine/index.ts';
import type { EngineFacts } from '../../shared/contract/engine.ts';
import type { EngineSettings } from '../../shared/contract/models.ts';

/**
 * An engine child that costs nothing, behind the real pipe and protocol: answers one token at once, or one per step to
 * every stream, as an engine does. The text of a token is the monotonic time it was made, so that a reader can tell how
 * long it was on its way. Its step in milliseconds comes from `DYNO_PERF_STEP_MS`.
 */
const stepMs = Number(process.env['DYNO_PERF_STEP_MS'] ?? '20');
const promptTokens = 16;
const clock = createNodeClock();
const link = createParentLink();
const send = (message: ChildMessage): void => link.send(message);

const factsOf = (settings: EngineSettings): EngineFacts => ({
  backend: 'cpu',
  nodeLlamaCppVersion: '',
  llamaCppRelease: '',
  batchEngine: 'fast',
  contextSize: 4096,
  slots: settings.slots,
  threads: 1,
  batchSize: 512,
  flashAttention: false,
  kvKeyType: 'F16',
  kvValueType: 'F16',
  gpuLayers: 0,
  useMmap: false,
  vocabularySize: 32_000,
  embeddingLength: 256,
  trainedContextLength: 4096,
  features: { chat: true, tools: true, reasoning: false },
  loadMs: 0,
  memory: {
    processBytes: 0,
    modelRamBytes: 0,
    modelVramBytes: 0,
    contextRamBytes: 0,
    contextVramBytes: 0,
  },
});

interface Stream {
  readonly id: string;
  readonly length: number;
  made: number;
}
type Told = readonly [requestId: string, event: GenerateEvent];

const streams = new Map<string, Stream>();
const tell = (events: readonly Told[]): void =>
  send({
    type: 'step',
    events,
    steps: [],
    load: { running: streams.size, queued: 0, kvTokens: 0, residentBytes: 0, loopDelayP99Ms: null },
  });
const tokenOf = (stream: Stream): Told => {
  stream.made += 1;
  return [
    stream.id,
    { type: 'delta', channel: 'content', text: `${clock.monotonicMs().toFixed(4)} `, tokens: 1 },
  ];
};
const endOf = ({ id, made }: Stream, reason: 'length' | 'aborted'): Told => {
  streams.delete(id);
  return [
    id,
    {
      type: 'finished',
      reason,
      usage: { promptTokens, cachedTokens: 0, outputTokens: made, reasoningTokens: 0 },
      timings: { queueMs: 0, prefillMs: 0, decodeMs: 0 },
    },
  ];
};
const endIfDone = (stream: Stream): readonly Told[] =>
  stream.made >= stream.length ? [endOf(stream, 'length')] : [];

const generate = ({ id, maxTokens }: GenerateRequest): void => {
  const stream = { id, length: maxTokens ?? 1, made: 0 };
  streams.set(id, stream);
  const started: Told = [id, { type: 'started', promptTokens, cachedTokens: 0, queueMs: 0 }];
  tell(stream.length === 1 ? [started, tokenOf(stream), endOf(stream, 'length')] : [started]);
};

const answer = (callId: number, { method }: EngineCall): void => {
  const tokens = Array.from({ length: promptTokens }, (_, index) => index);
  if (method === 'render')
    send({ type: 'result', callId, result: { method, text: '', tokens: promptTokens } });
  else if (method === 'tokenize') send({ type: 'result', callId, result: { method, tokens } });
  else
    send({
      type: 'call-failed',
      callId,
      error: { code: 'engine.unsupported', message: method },
    });
};

clock.every(stepMs, () => {
  if (streams.size === 0) return;
  tell([...streams.values()].flatMap((stream) => [tokenOf(stream), ...endIfDone(stream)]));
});
link.onMessage((message) => {
  if (!isHostMessage(message)) return;
  if (message.type === 'load')
    send({ type: 'loaded', facts: factsOf(message.settings), measuredThreads: null });
  else if (message.type === 'generate') generate(message.request);
  else if (message.type === 'call') answer(message.callId, message.call);
  else if (message.type === 'abort') {
    const stream = streams.get(message.id);
    if (stream !== undefined) tell([endOf(stream, 'aborted')]);
  }
});
