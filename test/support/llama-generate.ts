/**
 * Child process for tests: loads GGUF files with the real llama.cpp and generates from each, so that a crash in native
 * code ends this process and not the test runner. Usage: `node llama-generate.ts FILE…`; prints one JSON line per file.
 */
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';

const TOKENS = 16;
const llama = await getLlama({ gpu: false, build: 'never', maxThreads: 1, logLevel: LlamaLogLevel.error });

for (const path of process.argv.slice(2)) {
  try {
    const model = await llama.loadModel({ modelPath: path, checkTensors: true, useMmap: false });
    const context = await model.createContext({ contextSize: 128, threads: 1 });
    const sequence = context.getSequence();
    const tokens: number[] = [];
    const prompt = model.tokenize('the model on the dyno');
    for await (const token of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
      if (tokens.push(token) >= TOKENS) break;
    }
    const roundTrip = model.detokenize(model.tokenize('Hello, wörld! 42'));
    await context.dispose();
    await model.dispose();
    console.log(JSON.stringify({ path, tokens: tokens.length, distinct: new Set(tokens).size, roundTrip }));
  } catch (error) {
    console.log(JSON.stringify({ path, error: String(error) }));
  }
}
process.exit(0);
