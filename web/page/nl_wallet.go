package page

// nlWallet has the texts of paying, receiving and looking back.
var nlWallet = texts{}
