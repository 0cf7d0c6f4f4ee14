import { scanSecrets } from '../secrets/scan-secrets'
import { hasHidden, stripHidden } from './hidden-text'

type PromptCategory = 'injection' | 'jailbreak' | 'exfiltration' | 'harm' | 'hidden-text' | 'secret'

export interface PromptCheck {
  /** Something matched. A reason to show a badge and to be careful, never a reason to refuse: words do not tell intent. */
  flagged: boolean
  /** Reading this should switch automatic approval of network and installs off for the turn. */
  tainted: boolean
  categories: PromptCategory[]
  /** Ids of the rules that matched. */
  rules: string[]
}

interface PromptRule {
  id: string
  category: PromptCategory
  pattern: RegExp
}

const rules: readonly PromptRule[] = [
  {
    id: 'ignore-instructions',
    category: 'injection',
    pattern:
      /\b(?:ignore|disregard|forget|override|bypass)\b[^.?!\n]{0,30}\b(?:previous|prior|above|earlier|preceding|your|all (?:of )?(?:the|your|my|previous|prior|other))\b[^.?!\n]{0,30}\b(?:instructions?|prompts?|rules?|directions?|guidelines?|programming)\b/i,
  },
  {
    id: 'addresses-assistant',
    category: 'injection',
    pattern:
      /\b(?:note|message|attention|important|instructions?|warning)\s*(?:to|for)\s*(?:the\s+|any\s+|all\s+)?(?:ai|llm|agents?|assistants?|language models?|chatbots?|copilots?)\b|(?:^|[\n>#*/-]\s{0,20})(?:(?:ai|llm)\s+(?:assistants?|agents?|models?)|assistants?)\s*:\s*\S/im,
  },
  {
    id: 'fake-authority',
    category: 'injection',
    pattern:
      /(?:^|\n|\/\/\s?|#\s?|>|")\s{0,20}(?:system|developer|admin(?:istrator)?)\s*(?:prompt|message|override|note)?\s*:\s|\b(?:new|updated) instructions?\b.{0,20}\b(?:from|by)\b|\bthe user has (?:already )?(?:approved|authori[sz]ed|allowed)\b/i,
  },
  {
    id: 'must-comply',
    category: 'injection',
    pattern:
      /\bto complete (?:this|the) task,? you must\b|\b(?:before (?:doing )?anything else|do not (?:ask|mention|tell|reveal|inform)\b.{0,30}\b(?:again|it|this|user|anyone))\b/i,
  },
  {
    id: 'loosens-guard',
    category: 'injection',
    pattern:
      /\b(?:approval_?policy|auto_?approve|allowed_?commands|dangerously[-_]?skip|yolo|sandbox_?mode)\b["']?\s*[:=]|\bdisable\b.{0,20}\b(?:safety|filters?|guard|sandbox|approval)/i,
  },
  {
    id: 'cheats-tests',
    category: 'injection',
    pattern:
      /\bhard-?code\b.{0,20}\b(?:answers?|results?|outputs?)\b|\b(?:delete|remove|skip|disable)\b.{0,20}\btests?\b.{0,40}\b(?:say|claim|report|pretend|tell)\b/i,
  },
  {
    id: 'sends-out',
    category: 'exfiltration',
    pattern:
      /\b(?:post|send|upload|exfiltrate|forward|submit|leak)\b.{0,60}\b(?:contents?|files?|secrets?|keys?|tokens?|env|credentials?|conversation|history)\b.{0,40}\bto\b.{0,20}https?:|\bcurl\b[^\n]{0,80}\$\(/i,
  },
  {
    id: 'image-beacon',
    category: 'exfiltration',
    // Each part ends at the first sign that may end it, and all are bounded: no text takes long.
    pattern:
      /!\[[^\]]{0,300}\]\(https?:\/\/[^)?&]{0,1000}[?&][^)=]{0,1000}=(?:[^)]{0,1000}?(?:key|secret|token|paste|data|\{)|$)/i,
  },
  {
    id: 'install-script',
    category: 'injection',
    pattern: /["'`]?(?:pre|post)install["'`]?\s*:\s*["'`\\]+\s*node\b.{0,60}\b(?:do not|don't|without|secretly|steal)/i,
  },
  {
    id: 'no-limits',
    category: 'jailbreak',
    pattern:
      /\b(?:without|no|free (?:of|from)|not bound by|have broken free|do(?:es)? not have)\b.{0,30}\b(?:any )?(?:restrictions?|limitations?|filters?|censorship|ethic(?:s|al)|moral(?:s|ity)?|guidelines|content polic(?:y|ies))\b/i,
  },
  {
    id: 'persona',
    category: 'jailbreak',
    pattern:
      /\b(?:do anything now|developer mode (?:enabled|output|on)|jailbroken|evil (?:confidant|twin|bot)|unfiltered|uncensored|amoral|stay in character|from now on,? you (?:are|will|act)|you are (?:going|about) to (?:act|pretend|immerse)|hypothetical response)\b/i,
  },
  {
    id: 'must-answer',
    category: 'jailbreak',
    pattern:
      /\b(?:never|must not|cannot|can ?not|don't) (?:refuse|say no|decline|say (?:you|it) can)|\bregardless of (?:how )?(?:legal|ethical|moral|content)/i,
  },
  {
    id: 'malware',
    category: 'harm',
    pattern:
      /\b(?:write|create|build|make|develop|code|need|give me|generate|script)\b[^.?!\n]{0,60}\b(?:ransomware|key ?loggers?|malware(?![- ]?(?:scan|detect|anal))|trojan|rootkit|botnet|spyware|(?:computer )?virus (?:in|that|for|to)\b|(?:take|gain)s? control of (?:a|another|the|someone'?s) (?:computer|machine)|(?:evades?|disables?|kills?) (?:an? |the )?(?:anti-?virus|edr)\b|ddos (?:attack|tool|script|bot)|phishing (?:page|site|e-?mail|kit|login)|exploits? for|backdoor (?:into|in|for)|(?:credential|password|cookie|token)s? (?:stealer|harvester|grabber)|steals? (?:[\w-]+ ){0,3}(?:cookies|passwords|credentials|tokens|wallets?))/i,
  },
  {
    id: 'weapons',
    category: 'harm',
    pattern:
      /\b(?:build|make|synthesi[sz]e|create|produce|manufactur\w*|acquire|instructions? (?:for|on|to))\b.{0,60}\b(?:bombs?|explosives?|pipe bomb|nerve (?:agent|gas)|sarin|vx gas|ricin|mustard gas|anthrax|napalm|meth(?:amphetamine)?|fentanyl|mdma|(?:chemical|biological|nuclear) weapons?|ghost gun)\b/i,
  },
  {
    id: 'violence',
    category: 'harm',
    pattern:
      /\bhow (?:to|do i|can i|would (?:one|i))\b[^.?!\n]{0,40}\b(?:kill|murder|poison|kidnap|torture|stalk|blackmail|traffic)\b[^.?!\n]{0,30}\b(?:someone|somebody|people|persons?|humans?|children|wife|husband|neighbou?r|victims?|him|her|myself)\b/i,
  },
  {
    id: 'fraud',
    category: 'harm',
    pattern:
      /\b(?:launder(?:ing)? money|counterfeit (?:money|bills|currency)|steal (?:someone'?s )?(?:identity|credit cards?)|forge (?:a |an )?(?:passport|prescription|signature|id)|skimming device|insider trading without)\b/i,
  },
]

/** More than enough for a prompt; the rest of a very long text is judged by its beginning. */
const maxChars = 200_000

/**
 * Looks at text that a model will read: a prompt, a file, a tool output. In-process heuristics: they miss most harmful
 * requests and see ghosts in every fourth README, so they flag and taint only.
 */
export function checkPrompt(text: string): PromptCheck {
  const head = text.slice(0, maxChars)
  const readable = stripHidden(head)
  // What was smuggled in tag characters or base64 is judged as well.
  const variants = [readable, ...smuggledTexts(head)]
  const matched = rules.filter((rule) => variants.some((variant) => rule.pattern.test(variant)))
  const found = matched.map(({ id, category }) => ({ id, category }))
  if (hasHidden(head)) found.push({ id: 'hidden-characters', category: 'hidden-text' })
  if (scanSecrets(head).length > 0) found.push({ id: 'secret', category: 'secret' })
  const categories = [...new Set(found.map(({ category }) => category))]
  return {
    flagged: found.length > 0,
    tainted: categories.some(
      (category) => category === 'injection' || category === 'exfiltration' || category === 'hidden-text',
    ),
    categories,
    rules: found.map(({ id }) => id),
  }
}

function smuggledTexts(text: string): string[] {
  const tags = [...text.matchAll(/[\u{e0020}-\u{e007e}]{4,}/gu)].map(([run]) =>
    [...run].map((char) => String.fromCodePoint((char.codePointAt(0) ?? 0) - 0xe0000)).join(''),
  )
  const reversed = /[\u202d\u202e]/.test(text) ? [[...stripHidden(text)].reverse().join('')] : []
  const encoded = [...text.matchAll(/(?<![\w+/])[A-Za-z0-9+/]{40,4000}={0,2}(?![\w+/])/g)]
    .slice(0, 20)
    .flatMap(([run]) => decodeBase64(run))
  return [...tags, ...reversed, ...encoded]
}

function decodeBase64(run: string): string[] {
  if (run.replace(/=+$/, '').length % 4 === 1) return []
  const text = atob(run.replace(/=+$/, ''))
  return /^[\t\n\r\u0020-\u007e]+$/.test(text) ? [text] : []
}
