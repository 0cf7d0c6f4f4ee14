// What models can do and what they cost: a table, and what servers list. Runs everywhere.
// Must never guess a price, nor know who asks.
export { costOf } from './cost'
export { describeModel, isForAgents } from './describe-model'
export { type ListedModel, readListedModel } from './listed-model'
