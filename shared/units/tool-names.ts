import type { ImportTool } from '../contract/imports.ts';

/** Tools whose results are read, as they write their own names. */
export const toolNames: Readonly<Record<ImportTool, string>> = {
  'llama-bench': 'llama-bench',
  vllm: 'vLLM',
  guidellm: 'GuideLLM',
  aiperf: 'AIPerf',
  'genai-perf': 'GenAI-Perf',
};
