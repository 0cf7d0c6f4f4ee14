/** One published token format. The secret is group 1 when there is one, else the whole match. */
export interface SecretRule {
  id: string
  /** Lower case; the pattern is only tried on texts that hold one of these. */
  keywords: readonly string[]
  pattern: RegExp
  /** Bits per character the secret must have; keeps out `xxxx` and words. */
  minEntropy: number
}

const defaultEntropy = 2.5

/** A token with a fixed prefix, standing alone: no letter, digit or underscore right before, none right after. */
function token(id: string, prefix: string, body: string, minEntropy = defaultEntropy): SecretRule {
  const literal = /^[\w.:~/-]+/.exec(prefix.replaceAll('\\', ''))?.[0] ?? prefix
  return {
    id,
    keywords: [literal.toLowerCase()],
    pattern: new RegExp(`(?<![A-Za-z0-9_])${prefix}${body}(?![A-Za-z0-9_])`, 'g'),
    minEntropy,
  }
}

function pattern(id: string, keywords: string[], source: RegExp, minEntropy = 0): SecretRule {
  return { id, keywords, pattern: source, minEntropy }
}

const w = '[A-Za-z0-9]'
const ws = '[A-Za-z0-9_-]'

/** GitLab's token kinds and the lengths of their bodies. Source: GitLab docs, “Token overview”. */
const gitlabTokens = Object.entries({
  pat: 20,
  dt: 20,
  cbt: 0,
  ft: 20,
  imt: 25,
  ptt: 40,
  rt: 20,
  soat: 20,
  agent: 50,
  oas: 64,
  ffct: 20,
}).map(([kind, length]) =>
  token('gitlab-token', `gl${kind}-`, length ? `${ws}{${length}}` : `[0-9a-zA-Z]{1,5}_${ws}{20}`, 3),
)

/** Formats as their vendors document them; most specific first, since the first rule that covers a place names it. */
export const tokenRules: readonly SecretRule[] = [
  pattern(
    'private-key',
    ['private key'],
    /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?=[\s\\nr"']*(?:[A-Za-z0-9+/]{16}|Proc-Type|Version|Comment))(?:[A-Za-z0-9+/=\s"',:]|-(?!-)|\\[nrt])*(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----)?/g,
  ),
  token('age-secret-key', 'AGE-SECRET-KEY-1', '[0-9A-Z]{58}', 0),

  token('github-pat', 'gh[p]_', `${w}{36}`),
  { ...token('github-token', 'gh[osur]_', `${w}{36}`), keywords: ['gho_', 'ghs_', 'ghu_', 'ghr_'] },
  pattern('github-app-token', ['ghs_'], /(?<!\w)ghs_\d+_eyJ[\w-]+\.[\w-]+\.[\w-]+/g),
  token('github-fine-grained-pat', 'github_pat_', '\\w{70,100}'),
  ...gitlabTokens,
  token('gitlab-token', 'gl(?:pat|rt)-', `(?:t\\d_)?${ws}{27,300}\\.[0-9a-z]{2}[0-9a-z]{7}`, 3),
  token('gitlab-runner-token', 'GR1348941', `${ws}{20}`, 3),
  pattern('gitlab-session', ['_gitlab_session='], /_gitlab_session=([0-9a-z]{32})/g, 3),
  pattern(
    'bitbucket-token',
    ['atctt3', 'atbb', 'atatt3'],
    /(?<!\w)(?:ATCTT3|ATATT3)[\w=-]{180,220}|(?<!\w)ATBB[A-Za-z0-9]{32}(?!\w)/g,
    3,
  ),
  token('sourcegraph-token', 'sgp_(?:[0-9a-fA-F]{16}_|local_)?', '[0-9a-fA-F]{40}', 3),

  pattern(
    'aws-access-key',
    ['akia', 'asia', 'abia', 'acca', 'a3t'],
    /(?<![A-Za-z0-9+/])(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9+/])/g,
    3,
  ),
  pattern(
    'aws-secret-key',
    ['secret'],
    /aws.{0,20}secret.{0,20}?["']?\s*(?:=>|[:=])\s*["']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
    4,
  ),
  token('aws-bedrock-key', 'ABSK', '[A-Za-z0-9+/]{109,269}={0,2}', 3),
  token('aws-bedrock-key', 'bedrock-api-key-', '[A-Za-z0-9+/=]{20,}', 3),
  token('google-api-key', 'AIza', '[\\w-]{35}', 4),
  token('google-oauth', 'ya29\\.', '[\\w-]{30,}', 3),
  token('google-oauth-secret', 'GOCSPX-', '[\\w-]{28}', 3),
  pattern('azure-client-secret', ['q~'], /(?<![\w~.-])[\w.~-]{3}\dQ~[\w.~-]{31,34}(?![\w~.-])/g, 3.5),
  pattern('azure-storage-key', ['accountkey='], /AccountKey=([A-Za-z0-9+/]{80,100}={0,2})/g, 4),
  pattern('alibaba-access-key', ['ltai'], /(?<!\w)LTAI[A-Za-z0-9]{17,21}(?!\w)/g, 3),
  pattern('cloudflare-token', ['cfat_', 'cfut_', 'cfk_'], /(?<!\w)cf(?:at|ut|k)_[A-Za-z0-9]{40}[a-f0-9]{8}(?!\w)/g, 3),
  token('cloudflare-origin-ca', 'v1\\.0-', '[a-f0-9]{24}-[a-f0-9]{146}', 3),
  ...['dop', 'doo', 'dor'].map((kind) => token('digitalocean-token', `${kind}_v1_`, '[a-f0-9]{64}', 3)),
  token('heroku-token', 'HRKU-', `${ws}{36,64}`, 3),
  token('fly-token', 'fo1_', '[\\w-]{43}', 3.5),
  token('fly-token', 'fm[12][ar]?_', '[A-Za-z0-9+/]{100,}={0,3}', 3),
  token('netlify-token', 'nf[pcoub]_', `${w}{36,}`, 3),
  ...['vcp', 'vci', 'vca', 'vcr', 'vck'].map((kind) => token('vercel-token', `${kind}_`, `${w}{24,64}`, 3)),
  token('scalingo-token', 'tk-us-', '[\\w-]{48}', 3),
  token('yandex-key', 'AQVN', '[\\w-]{35,38}', 3.5),
  token('yandex-token', 't1\\.', '[A-Z0-9a-z_-]+=?=?\\.[A-Z0-9a-z_-]{86}={0,2}', 3),
  token('yandex-key', 'YC', '[\\w-]{38}', 4),

  token('openai-key', 'sk-(?:proj|svcacct|admin)-', '[\\w-]{100,200}', 3),
  pattern('openai-key', ['t3blbkfj'], /(?<!\w)sk-[\w-]{16,80}T3BlbkFJ[\w-]{16,80}/g, 3),
  token('anthropic-key', 'sk-ant-(?:api|admin|oat)\\d\\d-', '[\\w-]{93}AA', 3),
  token('openrouter-key', 'sk-or-v1-', '[0-9a-f]{64}', 3),
  token('groq-key', 'gsk_', `${w}{52}`, 3),
  token('xai-key', 'xai-', `${w}{70,90}`, 3),
  token('perplexity-key', 'pplx-', `${w}{40,64}`, 3),
  pattern('huggingface-token', ['hf_'], /(?<!\w)hf_[a-zA-Z]{34}(?!\w)/g, 3),
  token('huggingface-token', 'api_org_', '[a-zA-Z]{34}', 3),
  token('replicate-token', 'r8_', `${w}{37}`, 3),

  token('npm-token', 'npm_', `${w}{36}`, 3),
  pattern('npm-auth', ['_authtoken'], /\/\/[\w.-]+\/?[^\s:]*:_authToken\s*=\s*["']?((?:npm_)?[A-Za-z0-9-]{30,})/g, 3),
  token('pypi-token', 'pypi-', 'AgE[\\w-]{50,}', 3),
  token('rubygems-token', 'rubygems_', '[a-f0-9]{48}', 3),
  token('clojars-token', 'CLOJARS_', `${w}{60}`, 3),
  token('docker-token', 'dckr_(?:pat|oat)_', `${ws}{20,40}`, 3),
  token('nuget-key', 'oy2', '[a-z0-9]{43}', 3.5),
  pattern('artifactory-token', ['akcp', 'cmvmd'], /(?<!\w)(?:AKCp[A-Za-z0-9]{69}|cmVmd[A-Za-z0-9]{59})(?!\w)/g, 3.5),

  token('slack-token', 'xox[abeoprs](?:\\.xox[bp])?-', '(?:\\d-)?[A-Za-z0-9-]{19,}[A-Za-z0-9]', 2.5),
  token('slack-app-token', 'xapp-', '\\d-[A-Z0-9]+-\\d+-[a-zA-Z0-9]{20,}', 2.5),
  pattern(
    'slack-webhook',
    ['hooks.slack.com'],
    /hooks\.slack\.com\/(?:services|workflows|triggers)\/([A-Za-z0-9+/]{40,60})/g,
    3,
  ),
  pattern(
    'teams-webhook',
    ['webhook.office.com'],
    /[\w-]+\.webhook\.office\.com\/webhookb2\/([0-9a-f@-]{70,80}\/IncomingWebhook\/[\w/-]{60,80})/g,
    3,
  ),
  pattern('discord-token', ['.'], /(?<![\w.-])[MNO][A-Za-z0-9_-]{23,25}\.[\w-]{6}\.[\w-]{27,38}(?![\w.-])/g, 3.8),
  pattern('discord-webhook', ['discord'], /discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/([\w-]{60,70})/g, 3),
  pattern('telegram-token', [':aa'], /(?<![\w:])\d{8,10}:AA[\w-]{32,34}(?![\w-])/g, 3),
  pattern('twilio-key', ['sk'], /(?<!\w)SK[0-9a-f]{32}(?!\w)/g, 3),
  pattern('sendgrid-key', ['sg.'], /(?<![\w.])SG\.[\w=-]{16,32}\.[\w=-]{36,64}(?![\w.-])/g, 3),
  pattern('sendgrid-key', ['sg.'], /(?<!\w)SG\.[\w=.-]{66}(?![\w.-])/g, 3),
  token('sendinblue-key', 'xkeysib-', '[a-f0-9]{64}-[a-z0-9]{16}', 3),
  pattern('mailchimp-key', ['-us'], /(?<!\w)[0-9a-f]{32}-us\d{1,2}(?!\w)/g, 3),
  pattern('mailgun-key', ['key-'], /(?<!\w)(?:pub)?key-[a-f0-9]{32}(?!\w)/g, 3),
  token('twitch-token', 'oauth:', '[a-z0-9]{30}', 3),

  {
    ...token('stripe-key', '[sr]k_(?:live|test|prod)_', `${w}{24,99}`, 0),
    keywords: ['sk_live', 'sk_test', 'sk_prod', 'rk_live', 'rk_test', 'rk_prod'],
  },
  token('stripe-webhook-secret', 'whsec_', `${w}{32,}`, 3),
  token('square-token', 'sq0(?:atp|csp)-', '[\\w\\\\-]{22,43}', 3),
  token('square-token', 'EAAA', '[\\w-]{60}', 3),
  ...['at', 'ca', 'pa', 'ss', 'rt'].map((kind) => token('shopify-token', `shp${kind}_`, `${w}{32}`, 2.5)),
  token('flutterwave-key', 'FLW(?:PUB|SEC)K_TEST-', '[a-h0-9]{12,32}(?:-X)?', 2.5),
  token('easypost-key', 'EZ[AT]K', `${w}{54}`, 3),
  token('shippo-token', 'shippo_(?:live|test)_', '[a-f0-9]{40}', 3),
  token('duffel-token', 'duffel_(?:test|live)_', '[\\w=-]{43}', 3),
  token('gocardless-token', 'live_', '[\\w=-]{40}', 3),
  token('lob-key', '(?:live|test)_(?:pub_)?', '[a-f0-9]{31,35}', 3),
  pattern('facebook-token', ['eaa'], /(?<!\w)EAA[MC][A-Za-z0-9]{100,}/g, 4),
  pattern('facebook-token', ['|'], /(?<!\w)\d{15,16}\|[\w-]{27}(?!\w)/g, 3.5),
  token('twitter-bearer', 'A{20,24}', '[A-Za-z0-9%]{70,}', 3.5),

  ...['pt', 'st', 'ct', 'scim', 'audit'].map((kind) =>
    token('doppler-token', `dp\\.${kind}\\.`, `(?:[a-z0-9_-]{2,35}\\.)?${w}{40,44}`, 3),
  ),
  token('dynatrace-token', 'dt0[a-z]\\d\\d\\.', '[A-Za-z0-9]{24}\\.[A-Za-z0-9]{64}', 3),
  token('grafana-token', 'glc_', '[A-Za-z0-9+/]{32,400}={0,3}', 3),
  token('grafana-token', 'glsa_', `${w}{32}_[A-Fa-f0-9]{8}`, 3),
  token('grafana-key', 'eyJrIjoi', '[A-Za-z0-9]{50,400}={0,3}', 3),
  token('sentry-token', 'sntryu_', '[a-f0-9]{64}', 3),
  token('sentry-token', 'sntrys_', 'eyJ[A-Za-z0-9+/=]{30,}_[A-Za-z0-9+/]{40,}', 3),
  token('new-relic-key', 'NR(?:AK|JS|II|RA|SP)-', '[A-Za-z0-9-]{19,42}', 3),
  token('honeycomb-key', 'hc[ab](?:ik|lk)_', `${w}{50,}`, 3),
  token('posthog-key', 'ph[xcs]_', `${w}{40,}`, 3),
  token('snyk-token', 'snyk_(?:uat|sat)\\.', '[\\w.-]{40,}', 3),
  token('sonar-token', 'sq[uap]_', '[a-f0-9]{40}', 3),
  token('infracost-key', 'ico-', `${w}{32}`, 3),
  token('linear-key', 'lin_(?:api|oauth)_', `${w}{40}`, 3),
  token('notion-token', 'ntn_', `\\d{11}${w}{32,35}`, 3),
  token('figma-token', 'fig[doru]h?_', `${ws}{40,}`, 3),
  token('airtable-pat', 'pat', '[A-Za-z0-9]{14}\\.[a-f0-9]{64}', 3),
  token('postman-key', 'PMAK-', '[a-f0-9]{24}-[a-f0-9]{34}', 3),
  token('readme-key', 'rdme_', '[a-z0-9]{70}', 3),
  token('typeform-token', 'tfp_', '[\\w.=-]{59}', 3),
  token('beamer-key', 'b_', '[a-z0-9=_-]{44}', 3.5),
  token('frameio-token', 'fio-u-', '[\\w=-]{64}', 3),
  token('intra42-secret', 's-s4t2(?:ud|af)-', '[a-f0-9]{64}', 3),
  token('octopus-key', 'API-', '[A-Z0-9]{26}', 3),
  token('prefect-key', 'pnu_', `${w}{36}`, 3),
  token('pulumi-token', 'pul-', '[a-f0-9]{40}', 3),
  token('planetscale-token', 'pscale_(?:pw|tkn|oauth)_', '[\\w.=-]{32,64}', 3),
  token('databricks-token', 'dapi', '[a-fA-F0-9]{32}(?:-\\d)?', 3),
  token('definednet-token', 'dnkey-', '[a-z0-9=_-]{26}-[a-z0-9=_-]{52}', 3),
  token('tailscale-key', 'tskey-(?:[a-z]+)-', '[A-Za-z0-9]{8,}-[A-Za-z0-9]{20,}', 0),
  token('harness-key', '[ps]at\\.', '[A-Za-z0-9]{22}\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{20}', 3),
  token('terraform-token', '[A-Za-z0-9]{14}\\.atlasv1\\.', '[\\w=-]{60,70}', 3),
  pattern('vault-token', ['hvs.', 'hvb.'], /(?<!\w)hv[sb]\.[\w-]{80,300}(?![\w-])/g, 3),
  pattern(
    'vault-token',
    ['s.'],
    /(?<![\w.])s\.(?=[A-Za-z]*\d)(?=[A-Z0-9]*[a-z])(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{24}(?![\w.])/g,
    3.5,
  ),
  token(
    '1password-secret-key',
    'A3-',
    '[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}',
    3.5,
  ),
  pattern('1password-token', ['ops_eyj'], /(?<!\w)ops_eyJ[A-Za-z0-9+/]{100,}={0,3}/g, 3.5),
  token('openshift-token', 'sha256~', '[\\w-]{43}', 3),
  pattern('settlemint-token', ['sm_pat_', 'sm_aat_', 'sm_sat_'], /(?<!\w)sm_[pas]at_[A-Za-z0-9]{16}(?!\w)/g, 3),
  token('mapbox-secret', '[ps]k\\.', '[a-zA-Z0-9]{60}\\.[a-zA-Z0-9]{22}', 3),
  pattern('okta-token', ['okta'], /okta[\w.-]{0,20}["']?\s*(?:=>|:=|[:=])\s*["'`]?(00[\w=-]{40})(?![\w-])/gi, 3.5),

  pattern('jwt', ['eyj'], /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?/g),
  pattern(
    'sidekiq-secret',
    ['contribsys'],
    /contribsys__com[\w.-]{0,20}["']?\s{0,5}(?:=|:)\s{0,5}["'`]?([a-f0-9]{8}:[a-f0-9]{8})\b/gi,
  ),
  pattern(
    'url-password',
    ['://'],
    /\b(?:https?|ftps?|sftp|ssh|wss?|amqps?|rediss?|mongodb(?:\+srv)?|postgres(?:ql)?|mysql|mariadb|mssql|sqlserver):\/\/[^\s:@/"'`<>{}$]*:([^\s@/"'`<>{}$]{3,100})@(?=[\w[])/g,
  ),
  pattern(
    'curl-password',
    ['curl'],
    /\bcurl\b(?:[^\n]|\\\n){0,300}?(?:\s-u|\s--user)[ =]+["']?[^\s:"'$<{]*:["']?([^\s"'$<{[][^\s"']{5,80})/g,
    2.8,
  ),
  pattern(
    'authorization-header',
    ['authorization', 'token:', 'apikey:', 'api-key:'],
    /["'](?:authorization|(?:x-)?[\w-]*(?:api-?key|token))\s*:\s*(?:(?:basic|bearer|token|api-token)\s+)?([\w.=+/~@-]{11,4000})["']/gi,
    2.9,
  ),
]
