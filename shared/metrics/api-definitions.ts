/** Figures of the API ladder: through the local server, what a client gets. */
export const apiMetrics = {
  ttftMs: {
    name: 'TTFT',
    unit: 'ms',
    definition:
      'Time to first token: from handing the request to the socket to the first event with generated text, in any channel. An empty role chunk does not count.',
    formula: 't_tok1 − t_send',
    elsewhere: 'vLLM counts any first event; GuideLLM: time to first token.',
    better: 'lower',
  },
  ttfaMs: {
    name: 'First answer',
    unit: 'ms',
    definition:
      'Time to the first token of the answer itself, after the reasoning; what a person waits for with a reasoning model.',
    formula: 't_ans1 − t_send',
    elsewhere: 'AIPerf: time to first output token.',
    better: 'lower',
  },
  tpotMs: {
    name: 'TPOT',
    unit: 'ms',
    definition: 'Time per output token after the first one, averaged over a request with at least two.',
    formula: '(t_tokN − t_tok1) / (N_out − 1)',
    elsewhere: 'vLLM, MLPerf: TPOT. GuideLLM’s TPOT includes the first token.',
    better: 'lower',
  },
  chunkGapMs: {
    name: 'Chunk gap',
    unit: 'ms',
    definition:
      'Pause between two token events of a stream. It equals the inter-token latency only while every event carries one token.',
    formula: 't_event(i+1) − t_event(i)',
    elsewhere: 'Often called ITL, whatever an event carries.',
    better: 'lower',
  },
  e2eMs: {
    name: 'End to end',
    unit: 'ms',
    definition: 'From sending the request to its last token. The trailing usage event is left out.',
    formula: 't_tokN − t_send',
    elsewhere: 'vLLM: E2EL. k6: http_req_duration includes the closing event.',
    better: 'lower',
  },
  apiDecodeTps: {
    name: 'API decode',
    unit: 't/s',
    definition: 'Speed at which one client gets its tokens through the server, after the first one.',
    formula: '1000 / TPOT',
    elsewhere: 'vLLM: 1000 / TPOT. LM Studio: tok/sec.',
    better: 'higher',
  },
  systemTps: {
    name: 'System output',
    unit: 't/s',
    definition:
      'Tokens all clients together got per second, inside the steady window: ramp and drain are cut off.',
    formula: 'tokens in the steady window / its length',
    elsewhere: 'vLLM: output token throughput, over the whole run.',
    better: 'higher',
  },
  requestsPerSecond: {
    name: 'Requests',
    unit: '1/s',
    definition: 'Finished requests per second inside the steady window.',
    formula: 'finished requests / window',
    elsewhere: 'vLLM: request throughput.',
    better: 'higher',
  },
  servingOverheadPercent: {
    name: 'Overhead',
    unit: '%',
    definition:
      'What the server costs one client against the bare engine, both with a single stream; none where the server came out faster.',
    formula: '1 − API decode / engine decode',
    elsewhere: 'Rarely shown: most tools measure only one of the two.',
    better: 'lower',
  },
} as const;
