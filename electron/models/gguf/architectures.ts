/**
 * The architectures llama.cpp v0.5.0 has code for (llama-arch.cpp, LLM_ARCH_NAMES). Recurrent and hybrid ones have
 * layers without attention, so some of their head counts are rightly 0.
 */
const transformers = `
  afmoe apertus arcee arctic baichuan bailingmoe bailingmoe2 bitnet bloom chameleon chatglm codeshell cogvlm
  cohere2 cohere2moe command-r dbrx deci deepseek deepseek2 deepseek2-ocr deepseek32 dflash dots1 dots3note
  dream eagle3 ernie4_5 ernie4_5-moe exaone exaone-moe exaone4 falcon gemma gemma2 gemma3 gemma3n gemma4
  gemma4-assistant glm-dsa glm4 glm4moe gpt-oss gpt2 gptj gptneox granite granite_swa granitemoe graniteswitch
  grok grovemoe hrm_text hunyuan-dense hunyuan-moe hunyuan_vl hy_v3 hy_v4 internlm2 jais jais2 laguna llada
  llada-moe llama llama4 maincoder maple mellum mimo2 minicpm minicpm3 minimax-m2 minimax-m3 mistral3 mistral4
  mpt muse-glimmer nanbeige nemotron olmo olmo2 olmoe openelm orion paddleocr pangu-embedded phi2 phi3 phimoe
  plamo plamo3 plm pockettts qwen qwen2 qwen2moe qwen2vl qwen3 qwen3moe qwen3tts qwen3vl qwen3vlmoe refact
  rnd1 seed_oss smallthinker smollm3 spark2_5 stablelm starcoder starcoder2 step35 t5 talkie wavtokenizer-dec
  xverse
`;

const encoders = `
  bert modern-bert nomic-bert nomic-bert-moe neo-bert jina-bert-v2 jina-bert-v3 eurobert gemma-embedding
  llama-embed t5encoder
`;

const recurrent = `
  mamba mamba2 rwkv6 rwkv6qwen2 rwkv7 arwkv7
`;

const hybrids = `
  jamba falcon-h1 plamo2 granitehybrid lfm2 lfm2moe nemotron_h nemotron_h_moe qwen3next kimi-linear
  bailingmoe3 kimi-k3 qwen35 qwen35moe qwen4exp deepseek4 minimax-01
`;

/** Their graphs assert that a head's key and value have one length (`n_embd_head == hparams.n_embd_head_k()`). */
const equalHeads = `
  afmoe apertus arcee arctic baichuan bailingmoe2 bert bitnet bloom chameleon chatglm codeshell cogvlm cohere2
  cohere2moe command-r dbrx deci deepseek dflash dots1 dream eagle3 ernie4_5 ernie4_5-moe eurobert exaone
  falcon glm4 glm4moe gpt2 gptneox granite granite_swa graniteswitch grok grovemoe hunyuan-moe hunyuan_vl
  hy_v3 internlm2 jais jais2 laguna llada llada-moe llama llama4 maincoder mellum minimax-m2 minimax-m3
  mistral3 modern-bert mpt muse-glimmer nanbeige nemotron neo-bert olmo olmo2 olmoe openelm orion paddleocr
  pangu-embedded phi2 phi3 plamo pockettts qwen qwen2 qwen2moe qwen2vl qwen3 qwen3moe qwen3vl qwen3vlmoe
  refact rnd1 seed_oss smallthinker smollm3 spark2_5 stablelm starcoder starcoder2 t5 xverse
`;

/** Their graphs assert that RoPE turns the whole head (`n_embd_head == n_rot`). */
const fullRope = `
  apertus arcee arctic baichuan chameleon codeshell cogvlm cohere2moe dbrx deci deepseek dots1 dream ernie4_5
  ernie4_5-moe exaone exaone-moe exaone4 falcon granite granite_swa graniteswitch grok grovemoe hunyuan-moe
  hunyuan_vl hy_v3 internlm2 jais2 llada llada-moe llama llama4 maincoder mellum minimax-m2 mistral3 nemotron
  olmo olmo2 olmoe orion paddleocr pangu-embedded plamo pockettts qwen2 qwen2moe qwen2vl qwen3 qwen3moe
  qwen3vl qwen3vlmoe rnd1 seed_oss smallthinker smollm3 starcoder2 talkie xverse
`;

export type ArchitectureKind = 'transformer' | 'encoder' | 'recurrent' | 'hybrid';

const wordsOf = (text: string): readonly string[] => text.trim().split(/\s+/);

const kinds: ReadonlyMap<string, ArchitectureKind> = new Map(
  (
    [
      ['transformer', transformers],
      ['encoder', encoders],
      ['recurrent', recurrent],
      ['hybrid', hybrids],
    ] as const
  ).flatMap(([kind, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, kind] as const),
  ),
);

const equalHeadNames: ReadonlySet<string> = new Set(wordsOf(equalHeads));
const fullRopeNames: ReadonlySet<string> = new Set(wordsOf(fullRope));

export const assertsEqualHeads = (architecture: string): boolean => equalHeadNames.has(architecture);
export const assertsFullRope = (architecture: string): boolean => fullRopeNames.has(architecture);

/** What `general.architecture` names; `undefined` when the bundled llama.cpp has no code for it. */
export const findArchitecture = (name: string): ArchitectureKind | undefined => kinds.get(name);

/** Vision and audio projectors (`mmproj-….gguf`) have this architecture; they accompany a model and are none. */
export const PROJECTOR_ARCHITECTURE = 'clip';
