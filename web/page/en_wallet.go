package page

// enWallet has the texts of paying, receiving and looking back.
var enWallet = texts{}
