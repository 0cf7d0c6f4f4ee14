import type { CodeFinding } from '../code-finding'
import { argumentsAt, hasInterpolation, isConstant, isHarmless, valueAt } from './expressions'
import type { SourceView } from './source-view'

export interface CodeRule {
  id: string
  severity: CodeFinding['severity']
  /** What is wrong and what to do instead, for people and for the model. */
  message: string
  /** Where to look in the program (strings and comments blanked); a match is a candidate. */
  find: RegExp
  /** Decides on a candidate; every candidate counts when missing. */
  accept?: (candidate: Candidate) => boolean
  /** The rule needs this somewhere in the file. */
  needs?: RegExp
}

interface Candidate {
  view: SourceView
  match: RegExpMatchArray
  /** Position right after the match. */
  end: number
  /** The line around it, comments blanked. */
  line: string
}

/** The candidate ends in `(`: looks at the arguments of the call. */
const call = (test: (args: string[], candidate: Candidate) => boolean) => (candidate: Candidate) => {
  const args = argumentsAt(candidate.view, candidate.end - 1)
  return args !== null && args.length > 0 && test(args, candidate)
}
const value = (test: (expression: string, view: SourceView) => boolean) => (candidate: Candidate) =>
  test(valueAt(candidate.view, candidate.end), candidate.view)
const textAt = ({ view, end }: Candidate) => view.code.slice(end, end + 400)

const html =
  'HTML from a value lets others run scripts in the page: set textContent, build elements, or sanitise first.'
const secretWords = /token|secret|password|passwd|session|nonce|salt|otp|api_?key|csrf|uuid|auth/i

export const codeRules: readonly CodeRule[] = [
  {
    id: 'no-eval',
    severity: 'high',
    message: 'Runs text as code: parse the value, or call a function, instead.',
    find: /(?<![\w$.])(?:(?:window|globalThis|self|global)\s*\.\s*)?(?:eval|execScript)\s*(?:\?\.)?\(/g,
    accept: call(([code = '']) => !isConstant(code)),
  },
  {
    id: 'no-new-function',
    severity: 'high',
    message: 'Builds a function from text: write the function, or look it up in a table.',
    find: /(?<![\w$.])(?:new\s+)?Function\s*\(/g,
    accept: call((args) => !args.every((arg) => isConstant(arg))),
  },
  {
    id: 'no-implied-eval',
    severity: 'medium',
    message: 'A timer given text runs it as code: pass a function.',
    find: /(?<![\w$])(?:setTimeout|setInterval|setImmediate)\s*\(/g,
    accept: call(([code = '']) => /^["'`]/.test(code)),
  },
  {
    id: 'no-script-url',
    severity: 'medium',
    message: 'A javascript: address runs code when it is followed: use an event handler.',
    find: /["'`](?=\s)/g,
    accept: ({ view, match }) =>
      /^["'`]\s*javascript:(?!\s*(?:void\b|;|["'`]|\/\/))/i.test(view.code.slice(match.index, (match.index ?? 0) + 40)),
  },
  {
    id: 'no-unsafe-html',
    severity: 'high',
    message: html,
    find: /\.\s*(?:innerHTML|outerHTML|srcdoc)\s*(?:\+|&&|\|\||\?\?)?=(?![=>])/g,
    accept: value((expression, view) => !isHarmless(expression, view)),
  },
  {
    id: 'no-unsafe-html',
    severity: 'high',
    message: html,
    find: /\.\s*insertAdjacentHTML\s*\)?\s*\(/g,
    accept: call((args, { view }) => args.length > 1 && !isHarmless(args[1] ?? '', view)),
  },
  {
    id: 'no-unsafe-html',
    severity: 'high',
    message: html,
    find: /\.\s*(?:createContextualFragment|setHTMLUnsafe|parseHTMLUnsafe)\s*\(/g,
    accept: call(([markup = ''], { view }) => !isHarmless(markup, view)),
  },
  {
    id: 'no-document-write',
    severity: 'high',
    message: 'document.write puts markup into the page unchecked: build elements instead.',
    find: /\b\w*(?:document|iframe|doc)\w*(?:\([^()]*\))?\s*\.\s*write(?:ln)?\s*\(/gi,
    accept: call((args, { view }) => args.some((arg) => !isHarmless(arg, view))),
  },
  {
    id: 'no-danger-html',
    severity: 'high',
    message: html,
    find: /dangerouslySetInnerHTML\s*[=:]\s*\{?\s*\{?\s*__html\s*:/g,
    accept: value((expression, view) => !isHarmless(expression, view)),
  },
  {
    id: 'no-jquery-html',
    severity: 'medium',
    message: html,
    find: /(?:\$\([^()]*(?:\([^()]*\))?[^()]*\)|\$\w+)\s*\.\s*(?:html|append|prepend|after|before|replaceWith)\s*\(/g,
    accept: call(([markup = '']) => !isHarmless(markup) && !/^\$|^[\w$.]*(?:el|element|node)\b/i.test(markup)),
  },
  {
    id: 'no-command-injection',
    severity: 'high',
    message:
      'A shell reads the whole line, so a value in it can add commands: use execFile or spawn with an argument list.',
    needs: /child_process/,
    find: /(?:(?<![\w$./])|(?<![\w$.])(?<owner>[\w$]+)\s*\.\s*|require\s*\([^()]*\)\s*\.\s*)exec(?:Sync)?\s*\(/g,
    accept: (candidate) =>
      isChildProcessCall(candidate) && call(([command = ''], { view }) => !isConstant(command, view))(candidate),
  },
  {
    id: 'no-shell-spawn',
    severity: 'high',
    message: 'A shell reads the whole line, so a value in it can add commands: drop `shell: true` and pass a list.',
    needs: /child_process/,
    find: /\b(?:spawn|spawnSync|execFile|execFileSync)\s*\(/g,
    accept: call(
      (args) =>
        /shell\s*:\s*(?!false)/.test(args.at(-1) ?? '') &&
        args.slice(0, 2).some((arg) => hasInterpolation(arg) || /^[\w$.]+$/.test(arg)),
    ),
  },
  {
    id: 'no-sql-concat',
    severity: 'high',
    message: 'A value inside the SQL text can change the statement: use placeholders and pass the value separately.',
    find: /\.\s*(?:query|execute|raw|exec|all|get|run|prepare|\$queryRawUnsafe|\$executeRawUnsafe)\s*\(/g,
    accept: call(
      ([statement = '']) =>
        /["'`]\s*(?:select\b[\s\S]*\bfrom|insert\s+into|update\b[\s\S]*\bset|delete\s+from|drop|alter|create)\b/i.test(
          statement,
        ) && hasInterpolation(statement),
    ),
  },
  {
    id: 'no-tls-off',
    severity: 'high',
    message: 'Turns off the check of the other side’s certificate: add the right CA instead.',
    find: /\b(?:rejectUnauthorized|strictSSL|checkServerIdentity)\b\s*[:=]|NODE_TLS_REJECT_UNAUTHORIZED\b(?:\s*\]|["']\s*\])?\s*=/g,
    accept: (candidate) => /^\s*(?:false|0|["'`]0|\(\)\s*=>\s*(?:undefined|null|\{\s*\}))/.test(textAt(candidate)),
  },
  {
    id: 'no-weak-password-hash',
    severity: 'high',
    message: 'MD5 and SHA-1 are far too fast for passwords: use scrypt, argon2 or bcrypt.',
    find: /\b(?:createHash|createHmac|md5|sha1)\s*\(/g,
    accept: (candidate) =>
      /(?:md5|sha-?1)\b/i.test(candidate.match[0] + candidate.view.code.slice(candidate.end, candidate.end + 12)) &&
      /passw|pwd/i.test(around(candidate, 160)),
  },
  {
    id: 'no-weak-random',
    severity: 'medium',
    message: 'Math.random can be guessed: use crypto.getRandomValues or crypto.randomUUID for secrets.',
    find: /\bMath\s*\.\s*random\s*\(/g,
    accept: ({ line }) => secretWords.test(line),
  },
  {
    id: 'no-weak-random',
    severity: 'medium',
    message: 'pseudoRandomBytes can be guessed: use crypto.randomBytes.',
    find: /(?:\bcrypto|\))\s*\.\s*pseudoRandomBytes\b/gi,
  },
  {
    id: 'no-postmessage-star',
    severity: 'medium',
    message: 'With "*" any page that took over the window gets the message: name the origin.',
    find: /\.\s*postMessage\s*\(/g,
    accept: call((args) => /^["'`]\*["'`]$/.test(args[1] ?? '') || /targetOrigin\s*:\s*["'`]\*/.test(args[1] ?? '')),
  },
  {
    id: 'no-document-domain',
    severity: 'medium',
    message: 'document.domain weakens the same-origin rule: use postMessage.',
    find: /\b\w*(?:document|doc)\s*\.\s*domain\s*=(?!=)/gi,
  },
  {
    id: 'no-unsafe-buffer',
    severity: 'medium',
    message: 'Leaves old memory in the buffer or skips the bounds check: use Buffer.from or Buffer.alloc.',
    find: /\bnew\s+Buffer\s*\(|\bBuffer\s*\.\s*allocUnsafe(?:Slow)?\s*\(/g,
    accept: call(([size = '']) => !/^(?:0|["'`].*)$/.test(size)),
  },
  {
    id: 'no-buffer-noassert',
    severity: 'low',
    message: 'noAssert skips the bounds check: leave the argument out.',
    find: /\.\s*(?:read|write)(?:U?Int(?:8|16LE|16BE|32LE|32BE)|(?:Float|Double)(?:LE|BE))\s*\(/g,
    accept: call((args) => args.at(-1) === 'true'),
  },
  {
    id: 'no-timing-compare',
    severity: 'low',
    message: 'The time of === tells how much of a secret matches: compare with crypto.timingSafeEqual.',
    find: /\bif\s*\(/g,
    accept: call(([condition = '']) =>
      /(?:^|[^\w])(?:password|passwd|secret|apiKey|token|hash|signature)\s*[!=]==?\s*["'`][^"'`]+["'`]|["'`][^"'`]+["'`]\s*[!=]==?\s*(?:password|passwd|secret|apiKey|token|hash|signature)\b/i.test(
        condition,
      ),
    ),
  },
  {
    id: 'no-dynamic-require',
    severity: 'medium',
    message: 'Which file is loaded comes from a value: choose from a fixed table.',
    find: /(?<![\w$.])require\s*\(/g,
    accept: call(
      ([path = '']) =>
        !isConstant(path) &&
        !/__dirname|import\.meta|path\.|require\.resolve|["'`]/.test(path.replace(/^`\$\{\w+\}`$/, '')),
    ),
  },
  {
    id: 'no-redos',
    severity: 'medium',
    message:
      'A repeated group that can match the same text in many ways hangs on hostile input: make the alternatives exclusive.',
    find: /\/(?=\s)|\bRegExp\s*\(/g,
    accept: ({ view, match, end }) =>
      /^[/("'`\s]{0,3}[^\n]{0,200}?\((?:\?:)?(?:\\?.[+*]){1,4}\)[+*{]|^[/("'`\s]{0,3}[^\n]{0,40}?\(?(\\?\w)\+\1\+\)?\+/.test(
        view.code.slice(match[0] === '/' ? end : end - 1, end + 240),
      ),
  },
  {
    id: 'no-bypass-sanitizer',
    severity: 'high',
    message: 'Switches Angular’s sanitising off for this value: leave it on, or sanitise yourself.',
    find: /\.\s*bypassSecurityTrust(?:Html|Script|Style|Url|ResourceUrl)\s*\(/g,
    accept: call(() => true),
  },
  {
    id: 'no-bypass-sanitizer',
    severity: 'high',
    message: 'Switches AngularJS’s escaping off: leave it on, or sanitise yourself.',
    find: /\$sce(?:Delegate|Provider)?\s*\.\s*(?:trustAs\w*|enabled)\s*\(/g,
    accept: call((args, { match }) =>
      /enabled/.test(match[0]) ? !/^(?:true|1)$/.test(args[0] ?? '') : !/^(?:""|''|``)$/.test(args.at(-1) ?? ''),
    ),
  },
  {
    id: 'no-bypass-sanitizer',
    severity: 'medium',
    message: 'Widens what AngularJS lets through: keep the default list.',
    find: /\$(?:compileProvider\s*\.\s*(?:aHref|imgSrc)Sanitization(?:Whitelist|TrustedUrlList)|sanitizeProvider\s*\.\s*enableSvg)\s*\(/g,
    accept: call(([list = '']) => !/^(?:false|0)$/.test(list)),
  },
  {
    id: 'no-escape-off',
    severity: 'high',
    message: 'Switches the template’s escaping off: leave it on.',
    find: /\.\s*escapeMarkup\s*=\s*false\b/g,
  },
  {
    id: 'no-node-integration',
    severity: 'high',
    message: 'Pages with Node integration can run anything on the machine: keep it off.',
    find: /\bnodeIntegration(?:InWorker|InSubFrames)?\s*:\s*true\b/g,
  },
  {
    id: 'no-winjs-unsafe',
    severity: 'high',
    message: html,
    find: /\b(?:WinJS\s*\.\s*Utilities\s*\.\s*\w+HTMLUnsafe|MSApp\s*\.\s*execUnsafeLocalFunction)\s*\(/g,
    accept: call(() => true),
  },
  {
    id: 'no-csrf-order',
    severity: 'medium',
    message: 'The method override must come before the CSRF check, or it can be skipped.',
    find: /\bcsrf\s*\(\s*\)/g,
    accept: ({ view, end }) => /\bmethodOverride\s*\(/.test(view.program.slice(end)),
  },
]

/** `exec` of an object counts when that name was loaded from child_process; `/re/.exec` does not. */
function isChildProcessCall({ view, match }: Candidate): boolean {
  const owner = match.groups?.owner
  if (owner === undefined)
    return /require/.test(match[0]) || /[{,]\s*exec(?:Sync)?\b[^{}]*\}\s*(?:=|from)/.test(view.program)
  return new RegExp(
    `\\b${owner.replaceAll('$', '\\$')}\\b[^;\\n]{0,20}(?:=\\s*require\\s*\\(\\s*|from\\s*)["'](?:node:)?child_process`,
  ).test(view.code)
}

function around({ view, match }: Candidate, chars: number): string {
  const at = match.index ?? 0
  return view.code.slice(Math.max(0, at - chars), at + chars)
}
