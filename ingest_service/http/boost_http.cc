// What Boost.Asio and Boost.Beast compile once for a program, where they are told to (see
// CMakeLists.txt); every source that includes them would compile it otherwise.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
