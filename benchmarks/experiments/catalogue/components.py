"""The components that a change belongs to, and the services that are released for it."""

ACCOUNTS, SUBMISSIONS, RECOGNITION = "accounts", "submissions", "recognition"
IMAGING, CONTRACTS = "imaging", "contracts"
RELEASED_WITH = {
    ACCOUNTS: (ACCOUNTS,),
    SUBMISSIONS: (SUBMISSIONS,),
    RECOGNITION: (RECOGNITION,),
    IMAGING: (SUBMISSIONS, RECOGNITION),
    CONTRACTS: (ACCOUNTS, SUBMISSIONS, RECOGNITION),
}
COMPONENTS = tuple(RELEASED_WITH)
