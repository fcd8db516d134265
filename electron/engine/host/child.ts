import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import type { Clock, Files, Random } from '../../platform/ports.ts';
import type { ChildMessage, EngineCall, EngineCallResult, HostMessage, LoadMessage } from '../protocol.ts';
import type { AdapterFile } from '../engine.ts';
import { createChatFormat, type ChatFormat } from './chat/chat-prompt.ts';
import { createTemplateRenderer } from './chat/template-renderer.ts';
import { runLadder } from './ladder.ts';
import type { LoadedModel } from './loaded-model.ts';
import { ownMemoryBytes } from './own-memory.ts';
import { measureThreads } from './measure-threads.ts';
import { createIdleWatch } from './idle-watch.ts';
import { openModelStore } from './prefix-store/open-model-store.ts';
import { prepareRequest } from './prepare-request.ts';
import { createProcessMeter } from './process-meter.ts';
import { rankDocuments } from './rank-documents.ts';
import { createStepLoop, type StepLoop } from './step-loop.ts';
import { tellLoading } from './tell-loading.ts';
import { createThreadControl, type ThreadControl } from './thread-control.ts';
import { tokenizeLong } from './tokenize-long.ts';
import { warmUp } from './warm-up.ts';

interface ChildPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly send: (message: ChildMessage) => void;
  /** The entry file, which also serves templates as a thread. */
  readonly entry: URL;
  readonly load: (message: LoadMessage, onProgress: (fraction: number) => void) => Promise<LoadedModel>;
}

interface Running {
  readonly loaded: LoadedModel;
  readonly adapters: readonly AdapterFile[];
  readonly loop: StepLoop;
  readonly chat: ChatFormat;
  readonly threads: ThreadControl;
}

const notReady = (): AppError => new AppError('engine.not-ready');

/** The engine child: one model, one loop, driven by messages. */
export const createChild = (ports: ChildPorts): { receive(message: HostMessage): void } => {
  const { clock, random, send } = ports;
  const meter = createProcessMeter();
  const calls = new Map<number, AbortController>();
  const abortedEarly = new Set<string>();
  const preparing = new Set<string>();
  let running: Running | undefined;

  const threadsFor = async (message: LoadMessage, loaded: LoadedModel) => {
    const { settings, threadLimit, knownThreads } = message;
    const cores = Math.min(threadLimit, loaded.physicalCores);
    if (settings.threads !== 'auto')
      return {
        choice: { decode: settings.threads, prefill: settings.threads },
        isQuiet: false,
        cores: settings.threads,
      };
    if (knownThreads !== null) return { choice: knownThreads, isQuiet: false, cores };
    const { engine, facts } = loaded;
    const measured = await measureThreads(
      { engine, vocabularySize: facts.vocabularySize, clock, meter },
      cores,
    );
    return { ...measured, cores };
  };

  const start = async (message: LoadMessage): Promise<void> => {
    const startedMs = clock.monotonicMs();
    const renderer = createTemplateRenderer(ports.entry, clock);
    renderer.warmUp();
    const loaded = await tellLoading({
      clock,
      residentBytes: meter.residentBytes,
      load: (onProgress) => ports.load(message, onProgress),
      tell: (fraction, residentBytes) => send({ type: 'progress', fraction, residentBytes }),
    });
    const { choice, isQuiet, cores } = await threadsFor(message, loaded);
    await warmUp(loaded.engine, choice.prefill, message.adapters);
    const threads = createThreadControl({
      clock,
      choice,
      limit: cores,
      onChanged: (count, reason) => send({ type: 'threads-changed', threads: count, reason }),
    });
    const chat = createChatFormat(loaded.chatTemplate, loaded.vocabulary, renderer);
    const store = await openModelStore(message.prefixCache, loaded, {
      files: ports.files,
      random,
      onProblem: (problem) => send({ type: 'problem', message: problem }),
    });
    const idle = createIdleWatch(clock, () => loop.saveIdle());
    const loop = createStepLoop({
      engine: loaded.engine,
      vocabulary: loaded.vocabulary,
      clock,
      meter,
      threads,
      store,
      onStep: (news) => {
        send({ type: 'step', ...news });
        if (store !== undefined) idle.saw(news.load);
      },
      onFailed: (id, error) => send({ type: 'request-failed', id, error: error.toPayload() }),
    });
    running = {
      loaded,
      adapters: message.adapters,
      loop,
      chat,
      threads,
    };
    const ownBytes = await ownMemoryBytes(ports.files);
    send({
      type: 'loaded',
      facts: {
        ...loaded.facts,
        threads: threads.current().decode,
        prefillThreads: threads.current().prefill,
        loadMs: clock.monotonicMs() - startedMs,
        features: {
          chat: chat.isAvailable,
          tools: chat.tools !== undefined,
          reasoning: chat.reasoning !== undefined,
        },
        memory: {
          ...loaded.facts.memory,
          processBytes: meter.residentBytes(),
          ...(ownBytes !== undefined && { ownBytes }),
        },
      },
      measuredThreads: isQuiet && message.settings.threads === 'auto' ? choice : null,
    });
  };

  const generate = async (message: Extract<HostMessage, { type: 'generate' }>): Promise<void> => {
    const { request } = message;
    if (running === undefined) throw notReady();
    const { loaded, adapters, chat, loop } = running;
    preparing.add(request.id);
    try {
      const prepared = await prepareRequest(request, clock.monotonicMs(), {
        engine: loaded.engine,
        facts: loaded.facts,
        vocabulary: loaded.vocabulary,
        chat,
        adapters,
        newCallId: () => random.id('call'),
      });
      prepared.isAborted = abortedEarly.has(request.id);
      loop.submit(prepared);
    } finally {
      preparing.delete(request.id);
      abortedEarly.delete(request.id);
    }
  };

  const perform = async (
    call: EngineCall,
    callId: number,
    signal: AbortSignal,
  ): Promise<EngineCallResult> => {
    if (running === undefined) throw notReady();
    const { loaded, loop, chat, threads } = running;
    switch (call.method) {
      case 'embed': {
        const vectors: (readonly number[])[] = [];
        let promptTokens = 0;
        // each text waits its turn between two steps, so that chats go on in between
        for (const input of call.inputs) {
          if (signal.aborted) throw new AppError('app.cancelled');
          const embedded = await loop.exclusive(() =>
            loaded.embedder.embed(input, threads.current().prefill),
          );
          vectors.push(embedded.vector);
          promptTokens += embedded.tokens;
        }
        return { method: 'embed', vectors, promptTokens };
      }
      case 'rank': {
        const ranked = await rankDocuments(call.query, call.documents, {
          loaded,
          inTurn: (act) => loop.exclusive(act),
          threads: () => threads.current().prefill,
          signal,
        });
        return { method: 'rank', ...ranked };
      }
      case 'tokenize': {
        const tokens = await tokenizeLong(loaded.vocabulary, call.text, call.parseSpecial);
        return { method: 'tokenize', tokens: [...tokens] };
      }
      case 'detokenize': {
        const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
        const pieces = call.tokens.map((token) =>
          decoder.decode(loaded.vocabulary.bytesOf(token, true), { stream: true }),
        );
        return { method: 'detokenize', text: pieces.join('') + decoder.decode() };
      }
      case 'render': {
        const { text, tokens } = await chat.render(call.prompt);
        return { method: 'render', text, tokens: tokens.length };
      }
      case 'ladder': {
        if (!loop.isIdle())
          throw new AppError(
            'engine.not-ready',
            'The engine is answering requests; a ladder needs it alone.',
          );
        await loop.clearCache();
        const { engine, facts } = loaded;
        const repetition = await loop.exclusive(() =>
          runLadder(
            { engine, vocabularySize: facts.vocabularySize, clock, meter, threads: threads.current() },
            call.test,
            { signal, onTick: (tokensDone) => send({ type: 'tick', callId, tokensDone }) },
          ),
        );
        return { method: 'ladder', repetition };
      }
      case 'clear-cache':
        await loop.clearCache();
        return { method: 'clear-cache' };
      case 'usage':
        return { method: 'usage', cpuSeconds: meter.cpuSeconds(), residentBytes: meter.residentBytes() };
      default:
        throw new AppError('app.internal', `Unknown call: ${JSON.stringify(call satisfies never)}`);
    }
  };

  const answer = async (callId: number, call: EngineCall): Promise<void> => {
    const controller = new AbortController();
    calls.set(callId, controller);
    try {
      send({ type: 'result', callId, result: await perform(call, callId, controller.signal) });
    } catch (error) {
      send({ type: 'call-failed', callId, error: toAppError(error).toPayload() });
    } finally {
      calls.delete(callId);
    }
  };

  return {
    receive: (message) => {
      switch (message.type) {
        case 'load':
          start(message).catch((error: unknown) =>
            send({ type: 'load-failed', error: toAppError(error).toPayload() }),
          );
          break;
        case 'generate':
          generate(message).catch((error: unknown) =>
            send({ type: 'request-failed', id: message.request.id, error: toAppError(error).toPayload() }),
          );
          break;
        case 'abort':
          if (preparing.has(message.id)) abortedEarly.add(message.id);
          else running?.loop.abort(message.id);
          break;
        case 'call':
          void answer(message.callId, message.call);
          break;
        case 'cancel-call':
          calls.get(message.callId)?.abort();
          break;
        case 'limit-threads':
          running?.threads.setLimit(Math.min(message.threadLimit, running.loaded.physicalCores));
          break;
        default:
          message satisfies never;
      }
    },
  };
};
